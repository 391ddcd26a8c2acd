namespace PstoreLab.Harness.Scenarios;

/// <summary>The rules of a sequence of steps: what cannot be done to a machine in the state that the steps before left it in.</summary>
internal sealed class StepOrder
{
    private Step? died;
    private bool damaged;
    private int crashes;
    private int expectations;

    public static void Check(IReadOnlyList<Step> steps, SourceLocation scenario)
    {
        var order = new StepOrder();
        if (steps is not [BootStep, ..])
        {
            throw (steps.Count == 0 ? scenario : steps[0].Source).Fault(
                "found no boot at the beginning of the steps, expected boot: KERNEL first");
        }

        foreach (var step in steps)
            order.Check(step, first: ReferenceEquals(step, steps[0]));
        if (order.expectations == 0)
            throw steps[0].Source.Fault("found steps without an expectation, expected at least one 'expect'");
    }

    private void Check(Step step, bool first)
    {
        switch (step)
        {
            case BootStep when !first:
                throw step.Source.Fault(
                    "found a second boot, expected one at the beginning; to boot again over the same store, write restart");
            case RestartStep { Kind: RestartKind.Warm } when died is PowerCutStep:
                throw step.Source.Fault("found a warm restart after a power cut, expected restart: cold; the power cut ends QEMU");
            case RestartStep { Kind: RestartKind.Warm } when damaged:
                throw step.Source.Fault("found a warm restart after damage to the store, expected restart: cold; a warm one would not wait for the damage");
            case RestartStep:
                damaged = false;
                died = null;
                break;
            case DamageStep:
                damaged = true;
                died ??= step;
                break;
            case not BootStep when died is not null:
                throw step.Source.Fault($"found a step after the {(died is DamageStep ? "damage" : "crash")} on line {died.Source.Line}, expected restart before it");
            case CrashStep { Survived: true }:
                crashes++;
                break;
            case CrashStep or PowerCutStep:
                died = step;
                crashes++;
                break;
            case ExpectStep expect:
                expectations++;
                CheckCrashes(expect.Expectation, crashes);
                break;
        }
    }

    /// <summary>A record can only come from a crash that was.</summary>
    public static void CheckCrashes(Expectation expectation, int crashes)
    {
        foreach (var record in expectation.Records ?? [])
        {
            if (record.Crash > crashes)
                throw record.Source.Fault($"found a record of crash {record.Crash}, expected one of the {crashes} before this step");
            if (crashes == 0 && record.Content != RecordContent.Any)
                throw record.Source.Fault("found a record before any crash, expected a crash or power-cut step earlier");
        }
    }
}
