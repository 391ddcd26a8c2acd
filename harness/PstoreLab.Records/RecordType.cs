namespace PstoreLab.Records;

/// <summary>
/// What a record is, as its file name says (<c>pstore_type_names</c> in fs/pstore/platform.c, the same from 5.10 to
/// 7.2).
/// </summary>
public static class RecordType
{
    public const string Dmesg = "dmesg";
    public const string Mce = "mce";
    public const string Console = "console";
    public const string Ftrace = "ftrace";
    public const string Pmsg = "pmsg";

    /// <summary>
    /// All of them, the PowerPC ones included: two words each, which makes the names harder to take apart.
    /// </summary>
    public static IReadOnlyList<string> Known { get; } =
    [Dmesg, Mce, Console, Ftrace, "rtas", "powerpc-ofw", "powerpc-common", Pmsg, "powerpc-opal"];
}
