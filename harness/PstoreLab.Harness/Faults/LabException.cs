namespace PstoreLab.Harness.Faults;

/// <summary>
/// A fault that a person must read about. The class says whose fault it is, the message says where it
/// happened, what was found, and what to do next; it is printed as it stands, never with a stack trace.
/// </summary>
public abstract class LabException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The scenario or the command line is wrong. Exit code 2; nothing was booted.</summary>
public sealed class UsageException(string message, Exception? inner = null) : LabException(message, inner);

/// <summary>
/// QEMU, the host, an image or the archive got in the way. Verdict <c>infra</c>, exit code 3; may be retried.
/// </summary>
public class InfraException(string message, Exception? inner = null) : LabException(message, inner);

/// <summary>
/// This kernel, its configuration or this machine cannot run the case. Verdict <c>unsupported</c>; the message names
/// what is missing.
/// </summary>
public sealed class UnsupportedException(string message, Exception? inner = null) : LabException(message, inner);
