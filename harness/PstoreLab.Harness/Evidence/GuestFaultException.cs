namespace PstoreLab.Harness.Evidence;

/// <summary>A guest did what it must not, or did not do what it must. Whose fault that is, the step knows.</summary>
/// <param name="report">What its kernel printed of it, line by line; none where it said nothing.</param>
internal sealed class GuestFaultException(
    GuestFaultKind kind,
    string message,
    IReadOnlyList<string>? report = null,
    Exception? inner = null
) : Exception(message, inner)
{
    public GuestFaultKind Kind => kind;

    public IReadOnlyList<string> Report { get; } = report ?? [];
}
