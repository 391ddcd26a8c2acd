namespace PstoreLab.Cli.Stores.Containers;

/// <summary>
/// An entry of the journal in which systemd-pstore kept a record: <c>MESSAGE=PStore dmesg-efi_pstore-….</c> and all of
/// the record in <c>FILE</c> (<c>process_file</c> in src/pstore/pstore.c, 245 to 262).
/// </summary>
/// <param name="Message">MESSAGE; null where there is none.</param>
/// <param name="File">FILE; null where there is none.</param>
internal readonly record struct JournalEntry(string? Message, byte[]? File)
{
    public const string MessageField = "MESSAGE";
    public const string FileField = "FILE";

    private const string Beginning = "PStore ";

    /// <summary>Hands on the record of the entry, if it has one.</summary>
    /// <param name="seen">Names so far, with how often each was there: ramoops gives the same ones anew.</param>
    public void Take(StoreFile journal, IMembers members, Dictionary<string, int> seen)
    {
        if (RecordOf() is not { } name)
            return;
        int times = seen[name] = seen.GetValueOrDefault(name) + 1;
        string inside = times == 1 ? name : $"{times}/{name}";
        if (File is null)
            members.Unread(
                inside,
                "there is no FILE: journalctl leaves out what is longer than 4096 bytes unless it is told --all"
            );
        else if (File.Length > RecordFile.Largest)
            members.Unread(inside, $"it has more than {RecordFile.Largest} bytes, and no record has as many");
        else
            members.Record(RecordFile.ReadNamed($"{journal.Name}/{inside}", name, File));
    }

    // The full stop came with 246.
    private string? RecordOf() =>
        Message?.StartsWith(Beginning, StringComparison.Ordinal) == true
        && Message[Beginning.Length..].TrimEnd('.') is var name
        && RecordFileName.TryParse(name, out _)
            ? name
            : null;
}
