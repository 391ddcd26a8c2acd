namespace PstoreLab.Harness.Crashes;

/// <summary>
/// A trigger of LKDTM, the kernel's own test module for crashes (drivers/misc/lkdtm, triggers of these names from 5.10
/// to 7.2), which distributions leave out.
/// </summary>
/// <param name="trigger">LKDTM's name for it.</param>
/// <param name="sign">See <see cref="ICrashTrigger.ConsolePattern"/>.</param>
internal sealed class LkdtmCrash(string name, string summary, string trigger, string sign) : ICrashTrigger
{
    /// <summary>See <see cref="OopsCrash.ConsolePattern"/>.</summary>
    private const string EndOfOops = "---[ end trace";

    public static IReadOnlyList<LkdtmCrash> All { get; } =
    [
        new("lkdtm-bug", "BUG() in LKDTM; the kernel survives", "BUG", EndOfOops) { Survived = true },
        new("lkdtm-null-write", "a write to address 0 in LKDTM; the kernel survives", "EXCEPTION", EndOfOops)
        {
            Survived = true,
        },
        new(
            "lkdtm-stack-overflow",
            "endless recursion in LKDTM: the guard page panics",
            "EXHAUST_STACK",
            CrashCatalogue.Panic
        )
        {
            RequiredOptions = ["CONFIG_LKDTM", "CONFIG_VMAP_STACK"],
        },
        new("lkdtm-hung-task", "panic for a task of LKDTM that waits too long", "HUNG_TASK", CrashCatalogue.Panic)
        {
            RequiredOptions = ["CONFIG_LKDTM", "CONFIG_DETECT_HUNG_TASK"],
            Parameters = new Dictionary<string, string>
            {
                ["hung_task_panic"] = "1",
                ["sysctl.kernel.hung_task_timeout_secs"] = "2",
            },
        },
        new(
            "lkdtm-soft-lockup",
            "panic for an endless loop of LKDTM on a processor",
            "SOFTLOCKUP",
            CrashCatalogue.Panic
        )
        {
            RequiredOptions = ["CONFIG_LKDTM", "CONFIG_SOFTLOCKUP_DETECTOR"],
            // A processor counts as locked up after twice as many seconds; emulated ones on a busy host are slow
            // without it.
            Parameters = new Dictionary<string, string> { ["softlockup_panic"] = "1", ["watchdog_thresh"] = "3" },
        },
    ];

    public string Name => name;

    public string Summary => summary;

    public string Request => $"lkdtm {trigger}";

    public string ConsolePattern => sign;

    public bool Survived { get; private init; }

    public IReadOnlyDictionary<string, string> Parameters { get; private init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> RequiredOptions { get; private init; } = ["CONFIG_LKDTM"];
}
