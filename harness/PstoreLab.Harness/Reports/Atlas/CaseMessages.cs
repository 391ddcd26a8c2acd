using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Reports.Atlas;

/// <summary>What pstore and its backends said on the consoles of a case.</summary>
public static class CaseMessages
{
    /// <summary>Lines of one boot; a guest may print without end.</summary>
    public const int LineLimit = 60;

    internal static IReadOnlyList<BootMessages> In(CaseFolder folder, Plan? plan) =>
        [
            .. BootConsoles
                .Of(folder)
                .Select(boot =>
                {
                    string[] lines = [.. PstoreMessages.AsPrinted(boot.Value).Distinct()];
                    return new BootMessages(
                        boot.Key,
                        KernelOf(plan, boot.Key),
                        [.. lines.Take(LineLimit)],
                        Math.Max(0, lines.Length - LineLimit)
                    );
                }),
        ];

    private static string? KernelOf(Plan? plan, BootNumber number) =>
        plan?.Boots.Where(boot => boot.Number == number).Select(boot => boot.Kernel).FirstOrDefault();
}
