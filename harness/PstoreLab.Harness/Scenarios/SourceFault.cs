using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Scenarios;

/// <summary>Turns a place in a file and what is wrong there into the error a person reads.</summary>
internal static class SourceFault
{
    public static UsageException Fault(this SourceLocation source, string message) => new($"{source}: {message}");
}
