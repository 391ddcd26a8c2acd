using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Processes;

/// <summary>
/// What is really executed for a <see cref="ProcessSpec"/>:
/// <c>setpriv --pdeathsig KILL -- env --default-signal=PIPE setsid -- PROGRAM ARGUMENTS</c> (util-linux and coreutils
/// 8.31). Each of the three only sets something and then executes the rest, so the process id is the program's own:
/// setsid forks only for a process that leads its group already, which a child of ours never does. The signal must be
/// set because .NET ignores it, and its children inherit that: no pipe in a script would end when its reader does.
/// </summary>
/// <remarks>
/// The parent-death signal does not pass to grandchildren, and a harness killed in the millisecond before setpriv has
/// asked for it leaves the child alone.
/// </remarks>
internal sealed record Launch(string Program, IReadOnlyList<string> Arguments)
{
    /// <exception cref="InfraException">The program, or one of those it is wrapped in, is not there or cannot be
    /// executed; or there is no such working directory.</exception>
    public static Launch Of(ProcessSpec spec)
    {
        // The message would speak of setpriv.
        if (spec.WorkingDirectory is { } folder && !Directory.Exists(folder))
            throw new InfraException($"Cannot run `{spec.CommandLine}`: there is no folder '{folder}'.");
        var program = ProgramPath.Find(spec.Program, PathOf(spec), spec.CommandLine);
        return new Launch(
            Wrapper("setpriv", spec),
            [
                "--pdeathsig",
                "KILL",
                "--",
                Wrapper("env", spec),
                "--default-signal=PIPE",
                Wrapper("setsid", spec),
                "--",
                program,
                .. spec.Arguments,
            ]
        );
    }

    private static string Wrapper(string name, ProcessSpec spec) =>
        ProgramPath.Find(name, Environment.GetEnvironmentVariable("PATH"), spec.CommandLine);

    // As execvp would in the child.
    private static string? PathOf(ProcessSpec spec) =>
        spec.Environment.TryGetValue("PATH", out var path) ? path : Environment.GetEnvironmentVariable("PATH");
}
