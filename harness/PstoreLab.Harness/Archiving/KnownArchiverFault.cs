namespace PstoreLab.Harness.Archiving;

/// <summary>A bug of systemd-pstore that is catalogued.</summary>
/// <param name="Id">Its name in the bug catalogue, which has its cause.</param>
/// <param name="First">The first systemd that has it; 0 for all older ones.</param>
/// <param name="Last">The last that has it; null where it is not fixed.</param>
/// <param name="Explains">Whether it is what a fault in a set comes from.</param>
public sealed record KnownArchiverFault(
    string Id,
    int First,
    int? Last,
    Func<ArchivedSet, ArchiverFault, bool> Explains
)
{
    public bool IsIn(int systemd) => systemd >= First && systemd <= (Last ?? int.MaxValue);
}
