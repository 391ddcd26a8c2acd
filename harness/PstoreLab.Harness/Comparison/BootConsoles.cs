using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Records;

namespace PstoreLab.Harness.Comparison;

/// <summary>The consoles of a case, by boot.</summary>
internal static class BootConsoles
{
    public static IReadOnlyDictionary<BootNumber, string> Of(CaseFolder folder)
    {
        var consoles = new OrderedDictionary<BootNumber, string>();
        for (
            var boot = new BootNumber(1);
            EvidenceReader.IsKept(folder.Boot(boot).Console);
            boot = new BootNumber(boot.Value + 1)
        )
            consoles[boot] = RecordText.FromBytes(EvidenceReader.Bytes(folder.Boot(boot).Console));
        return consoles;
    }
}
