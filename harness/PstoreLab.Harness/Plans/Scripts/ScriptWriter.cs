using System.Text;
using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Plans.Scripts;

/// <summary>Takes the lines of <c>repro.sh</c>, and knows how the script speaks to the guest of the moment.</summary>
internal sealed class ScriptWriter(Plan plan)
{
    private readonly StringBuilder _text = new();
    private bool _exitsOnReset = true;
    private int _requests;

    /// <summary>The boot of the step that writes.</summary>
    public PlannedBoot Boot { get; private set; } = plan.Boots[0];

    /// <summary>The step behind the one that writes, in the same boot or the next; null behind the last.</summary>
    public PlanStep? Next { get; private set; }

    public bool HasSystemd { get; private set; }

    /// <summary>Of the last crash that was armed.</summary>
    public string Nonce { get; set; } = "";

    public InspectionNumber LastInspection { get; set; }

    /// <summary>Lets every step write its lines.</summary>
    public string Write()
    {
        (PlannedBoot Boot, PlanStep Step)[] all = [.. plan.StepsWithBoots()];
        for (int i = 0; i < all.Length; i++)
        {
            Boot = all[i].Boot;
            Next = i + 1 < all.Length ? all[i + 1].Step : null;
            all[i].Step.WriteTo(this);
        }

        return _text.ToString();
    }

    public void Line(string line) => _text.Append(line).Append('\n');

    /// <summary>Has the script tell what it does.</summary>
    public void Say(string words) => Line($"say '{words.Replace("'", "'\\''", StringComparison.Ordinal)}'");

    /// <summary>The line to the guest of a QEMU that is about to start.</summary>
    public void BeginMachine(PowerOn on)
    {
        _exitsOnReset = on.ExitsOnReset;
        HasSystemd = on.Systemd is not null;
        if (on.Systemd is { } guest)
            Line($"over_ssh {Boot.Number} {ShellWords.Join([guest.Under, guest.UnderFormat])}");
        else if (plan.HasSystemd)
            Line("over_serial");
    }

    /// <summary>Waits for the guest's agent.</summary>
    public void Ready() => Line(HasSystemd ? "come_up" : "answer 0");

    public void Send(AgentRequest request) =>
        Line(
            HasSystemd
                ? $"start {ShellWords.Quote(request.Words)}"
                : $"send {string.Join(" \\\n  ", WordsOf(++_requests, request).Select(ShellWords.Quote))}"
        );

    // Each part on a line of its own.
    private static IEnumerable<string> WordsOf(int id, AgentRequest request) =>
        request.Parts.Count == 1
            ? [$"{id} {request.Words}"]
            : [$"{id} {request.Words.Split(' ')[0]}", .. request.Parts];

    /// <summary>Sends a request and waits for the answer, which is left in <c>$payload</c>.</summary>
    public void Ask(AgentRequest request)
    {
        if (HasSystemd)
        {
            Line($"ask {ShellWords.Quote(request.Words)}");
            return;
        }

        Send(request);
        Line($"answer {_requests}");
    }

    /// <summary>
    /// Waits for the end of a crash. Where QEMU lives on, the agent of the next boot reports that it is over: before
    /// that, nothing may end QEMU.
    /// </summary>
    public void AwaitEnd(CrashEnd end)
    {
        if (_exitsOnReset || end == CrashEnd.PowerOff)
            Line("wait \"$qemu\"");
        else if (Next is not WarmBoot)
            Ready();
    }
}
