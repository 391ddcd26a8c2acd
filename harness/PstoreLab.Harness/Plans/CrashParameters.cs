using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans;

/// <summary>The parameters that crashes need to come to what they should.</summary>
internal static class CrashParameters
{
    /// <param name="ahead">The steps behind a boot that the same QEMU process is for.</param>
    public static IReadOnlyDictionary<string, string> For(IReadOnlyList<Step> ahead)
    {
        var parameters = new Dictionary<string, string>();
        foreach (var step in ahead)
        {
            var (name, survived) = step switch
            {
                CrashStep crash => (crash.Trigger, crash.Survived),
                PowerCutStep cut => (cut.During, true),
                _ => (null, false),
            };
            if (name is null)
                continue;
            var trigger = CrashCatalogue.Get(name);
            foreach (var (parameter, value) in trigger.Parameters)
                parameters[parameter] = value;
            if (trigger.Survived && !survived)
                parameters[CrashCatalogue.FatalOops.Key] = CrashCatalogue.FatalOops.Value;
        }

        return parameters;
    }
}
