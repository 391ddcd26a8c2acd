namespace PstoreLab.Harness.Crashes;

/// <summary>Nothing happens: the negative control of every check that finds a record.</summary>
internal sealed class NoCrash : ICrashTrigger
{
    public string Name => "none";

    public string Summary => "no crash; the guest keeps running and is restarted in good health";

    public string? Request => null;

    public string? ConsolePattern => null;
}
