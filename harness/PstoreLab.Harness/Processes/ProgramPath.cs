using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Processes;

/// <summary>
/// Finds a program before it is started, because the error of a failed exec does not say which of a chain of programs
/// was missing.
/// </summary>
internal static class ProgramPath
{
    private const UnixFileMode AnyExecute =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    // What POSIX shells search when PATH is not set; the sbin folders because an ordinary user's PATH on Debian lacks
    // them (mke2fs, debugfs).
    private static readonly string[] Standard =
    [
        "/usr/local/sbin",
        "/usr/local/bin",
        "/usr/sbin",
        "/usr/bin",
        "/sbin",
        "/bin",
    ];

    /// <summary>
    /// The absolute path of a program. A name with a slash is relative to our working directory, not to the child's.
    /// </summary>
    /// <param name="program">A name or a path.</param>
    /// <param name="path">Folders to search first, separated by colons.</param>
    /// <param name="commandLine">Named by the error.</param>
    /// <exception cref="InfraException">Nothing executable is there.</exception>
    public static string Find(string program, string? path, string commandLine)
    {
        var candidates = program.Contains('/')
            ? [Path.GetFullPath(program)]
            : Folders(path).Select(folder => Path.GetFullPath(Path.Combine(folder, program))).ToList();
        var present = program.Length == 0 ? [] : candidates.Where(File.Exists).ToList();
        return present.Find(IsExecutable) ?? throw Missing(program, present.FirstOrDefault(), commandLine);
    }

    private static IEnumerable<string> Folders(string? path) =>
        (path ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Concat(Standard);

    private static bool IsExecutable(string file) => (File.GetUnixFileMode(file) & AnyExecute) != 0;

    private static InfraException Missing(string program, string? notExecutable, string commandLine)
    {
        var fault =
            notExecutable is not null ? $"'{notExecutable}' is not executable"
            : program.Contains('/') ? $"there is no program '{program}'"
            : $"there is no program '{program}' on PATH; install the package it is in";
        return new InfraException($"Cannot run `{commandLine}`: {fault}.");
    }
}
