using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Oracle;

/// <summary>A crash of the plan, with the boot that died of it.</summary>
internal sealed record ArmedCrash(string Nonce, int Markers, int Boot, bool Survived = false)
{
    public static IReadOnlyDictionary<int, ArmedCrash> Of(Plan plan)
    {
        var crashes = new Dictionary<int, ArmedCrash>();
        int boot = 0;
        foreach (var step in plan.Steps)
        {
            boot = step switch { PowerOn on => on.Boot, ComeUpAgain again => again.Boot, _ => boot };
            if (step is Mark mark)
                crashes[mark.Number] = new ArmedCrash(mark.Nonce, mark.Count, boot);
            if (step is Oops oops)
                crashes[oops.Number] = crashes[oops.Number] with { Survived = true };
        }

        return crashes;
    }
}
