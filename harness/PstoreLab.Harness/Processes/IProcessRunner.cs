namespace PstoreLab.Harness.Processes;

/// <summary>
/// The one way to start a child process. Every child leads a process group of its own, which dies with us: after Ctrl-C
/// through <see cref="IRunningProcess.Kill"/>, after a <c>kill -9</c> of the harness through the parent-death signal.
/// </summary>
public interface IProcessRunner
{
    /// <summary>Starts the child.</summary>
    /// <exception cref="Faults.InfraException">The program or the working directory does not exist, or cannot be used;
    /// names it and the command line.</exception>
    IRunningProcess Start(ProcessSpec spec);
}

/// <summary>A started child. Disposing it kills what is left of its process group.</summary>
public interface IRunningProcess : IAsyncDisposable
{
    /// <summary>Process id, which is also the id of the process group.</summary>
    int Id { get; }

    /// <summary>
    /// Ends when the child has ended and its output has been copied whole. Never faults because of the exit code.
    /// </summary>
    Task<ProcessExit> Exit { get; }

    /// <summary>Sends SIGTERM to the process group.</summary>
    void Terminate();

    /// <summary>Sends SIGKILL to the process group.</summary>
    void Kill();
}

/// <summary>How a child ended.</summary>
/// <param name="Code">Exit code; 128 + signal number when a signal ended it.</param>
public readonly record struct ProcessExit(int Code)
{
    public bool Success => Code == 0;
}
