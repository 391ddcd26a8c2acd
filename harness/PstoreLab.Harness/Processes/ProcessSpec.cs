namespace PstoreLab.Harness.Processes;

/// <summary>What to run, as data: never a shell line.</summary>
/// <param name="Program">A name to be found on PATH, or a path.</param>
/// <param name="Arguments">One element per argument, not quoted.</param>
public sealed record ProcessSpec(string Program, IReadOnlyList<string> Arguments)
{
    public ProcessSpec(string program, params string[] arguments)
        : this(program, (IReadOnlyList<string>)arguments) { }

    /// <summary>The child's working directory; ours when null.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables set (or, with a null value, removed) on top of our own environment.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Copied to the child's standard input, which is then closed; null gives an empty input.</summary>
    public Stream? StandardInput { get; init; }

    /// <summary>Receives the child's standard output as it comes; null throws it away. Not disposed.</summary>
    public Stream? StandardOutput { get; init; }

    /// <summary>Receives the child's standard error as it comes; null throws it away. Not disposed.</summary>
    public Stream? StandardError { get; init; }

    /// <summary>The command as a person would type it, quoted for a POSIX shell.</summary>
    public string CommandLine => ShellWords.Join([Program, .. Arguments]);
}
