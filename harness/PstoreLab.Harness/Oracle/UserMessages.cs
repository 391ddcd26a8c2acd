using System.Text;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// All that user space wrote to <c>/dev/pmsg0</c> in one boot: marker lines, and what commands said while they had it
/// go there as well with <c>tee</c>.
/// </summary>
/// <param name="Text">In the order in which it was written, one character a byte.</param>
/// <param name="Unknown">Why the text is not known; null where it is.</param>
internal sealed record UserMessages(string Text, string? Unknown)
{
    private const string Device = "/dev/pmsg0";

    public static UserMessages Of(PlannedBoot boot, CaseFolder folder)
    {
        var text = new StringBuilder();
        string? unknown = null;
        foreach (var step in boot.Steps)
        {
            if (step is Mark mark)
                text.AppendJoin(
                    "",
                    Enumerable.Range(1, mark.Count).Select(number => $"{new Marker(mark.Nonce, number, mark.Count)}\n")
                );
            else if (step is RunInGuest run && run.Command.Contains(Device, StringComparison.Ordinal))
                text.Append(Said(run, folder, ref unknown));
        }

        return new UserMessages(text.ToString(), unknown);
    }

    private static string Said(RunInGuest run, CaseFolder folder, ref string? unknown)
    {
        if (!run.Command.Contains($"tee {Device}", StringComparison.Ordinal))
            unknown ??=
                $"what `{run.Command}` wrote to {Device} is not known: use `… | tee {Device}`, so that it says it, too";
        return GuestAnswer.Read(folder.Run(run.Number)).Output;
    }
}
