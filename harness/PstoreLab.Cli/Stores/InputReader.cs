using PstoreLab.Cli.Stores.Containers;
using PstoreLab.Harness.Faults;
using PstoreLab.Records;
using PstoreLab.Records.Erst;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Stores;

/// <summary>
/// Reads what somebody names: opens it, recognises what it is, and decodes it. A file is a record by its name, or holds
/// others, or has stores in it; what is asked for by its own name may be a record by its content, too.
/// </summary>
/// <param name="options">What is known of the stores.</param>
/// <param name="text">Who takes the lines of text; null where text is of no use.</param>
internal sealed class InputReader(StoreOptions options, TextTaker? text = null)
{
    /// <summary>What a shell calls its standard input.</summary>
    private const string StandardInput = "-";

    /// <summary>Enough to recognise any format.</summary>
    private const int HeadLength = 64 << 10;

    /// <summary>No area, flash or device is smaller.</summary>
    private const int SmallestStore = 4096;

    /// <summary>No flash is larger.</summary>
    private const int LargestInFolder = 64 << 20;

    /// <summary>An archive in an archive in an archive.</summary>
    private const int MostNested = 3;

    private readonly Findings _findings = new();
    private readonly Budget _budget = new();
    private int _texts;

    /// <summary>Reads everything, folders and archives included.</summary>
    /// <param name="text">Who takes the lines of text; null where text is of no use.</param>
    /// <returns>At least one record or store, where no text was taken.</returns>
    /// <exception cref="UsageException">A name is not there, cannot be read, or there is nothing in it that is known
    /// here.</exception>
    public static Findings Read(IReadOnlyList<string> names, StoreOptions options, TextTaker? text = null)
    {
        var reader = new InputReader(options, text);
        try
        {
            foreach (string name in names.Distinct())
            {
                int before = reader._findings.Count + reader._texts;
                if (Directory.Exists(name))
                    reader.ReadFolder(name);
                else
                    reader.ReadAsked(name, alone: names.Count == 1);
                if (reader._findings.Count + reader._texts == before)
                    throw new UsageException(RecordFolder.NothingIn(name, reader._findings.Unread));
            }
            return reader._findings;
        }
        catch (LimitException fault)
        {
            throw new UsageException(fault.Message, fault);
        }
    }

    private void ReadFolder(string folder)
    {
        foreach (string path in RecordFolder.FilesOf(folder))
            Try(path, () => StoreFile.Open(path, 0), MostNested - 1, begins: true);
    }

    private void ReadAsked(string name, bool alone)
    {
        using var file =
            name == StandardInput && text is not null
                ? StoreFile.Of("standard input", text.Input())
                : StoreFile.Open(name, 0);
        int texts = _texts;
        if (Take(file, begins: false, MostNested))
            return;
        byte[]? content = file.ReadSmall(RecordFile.Largest);
        if (content is { Length: > 0 } && RecordFile.Read(name, content, _findings.Records.Count) is { } record)
            _findings.Add(record);
        else if (_texts == texts)
            throw new UsageException(
                ForeignFormat.AdviceFor(file.Head(HeadLength).Span) is { } advice ? $"{name}: {advice}"
                : file.Length == 0 ? $"{name}: an empty file"
                : alone ? $"{name}: {NoStore(file, null)}"
                : $"{name} is no record: it has no name such as dmesg-ramoops-0.enc.z, and no method of pstore's "
                    + "makes a dump of it; no store is in it either"
            );
    }

    /// <summary>That a file is nothing that is known here, and what somebody who knows better can do.</summary>
    public static string NoStore(StoreFile file, StoreKind? kind) =>
        $"no {(kind is null ? "store" : "ramoops area")} that is known here, neither at byte {file.Start} "
        + $"nor behind it ({file.Length} bytes); where you know better, say --kind and the writer's --parameter";

    /// <summary>Reads a file that is one of many: what cannot be read is told, and the others are read.</summary>
    private void Try(string path, Func<StoreFile> open, int nesting, bool begins = false)
    {
        try
        {
            using var file = open();
            int texts = _texts;
            if (!Take(file, begins, nesting) && _texts == texts)
                _findings.Add(new UnreadFile(path, Advice(file, begins)));
        }
        catch (UsageException fault)
        {
            _findings.Add(new UnreadFile(path, fault.Message));
        }
    }

    /// <summary>Why a file with something in it is not read; null where there is nothing in it.</summary>
    private static string? Advice(StoreFile file, bool begins)
    {
        var head = file.Head(HeadLength).Span;
        return ForeignFormat.AdviceFor(head)
            ?? (
                Container.Recognise(head) is not null ? "other files are in it; give its own name to have them read"
                : begins && IsLarge(file) ? "it is searched only when its own name is given"
                : null
            );
    }

    /// <param name="begins">Of a large one only what begins at its first byte is looked for: a folder full of disks is
    /// not searched.</param>
    /// <param name="nesting">How many archives deep files within it are read.</param>
    /// <returns>Whether it is known what the file is; that may still be an archive without any record.</returns>
    private bool Take(StoreFile file, bool begins, int nesting)
    {
        ReadLines(file);
        string name = NameOf(file);
        if (RecordFile.IsNamed(name) && file.ReadSmall(RecordFile.Largest) is { } content)
        {
            _findings.Add(RecordFile.ReadNamed(file.Name, name, content));
            return true;
        }
        if (nesting > 0 && Container.Recognise(file.Head(HeadLength).Span) is { } container)
        {
            int known = _findings.Count + _findings.Unread.Count;
            ReadWithin(file, container, nesting - 1);
            if (nesting < MostNested && _findings.Count + _findings.Unread.Count == known)
                _findings.Add(new UnreadFile(file.Name, "no record is in it"));
            return true;
        }
        if (begins && IsLarge(file))
            return Begins(file);
        bool asked = nesting == MostNested;
        return (asked || file.Head(SmallestStore).Length == SmallestStore) && Search(file, here: false);
    }

    // A journal's export is text, too. A record that is one has the lines of the kernel that died.
    private void ReadLines(StoreFile file)
    {
        var head = file.Head(HeadLength).Span;
        if (text is null || head.IsEmpty || head.Contains((byte)0) || file.ReadSmall(LargestInFolder) is not { } all)
            return;
        _texts++;
        using var reader = new StreamReader(new MemoryStream(all));
        for (int number = 1; reader.ReadLine() is { } line; number++)
            text.Line(file.Name, number, line);
    }

    // Packed by hand it has one more suffix. To 5.19 sysfs had a folder for each EFI variable, with a file "data".
    private static string NameOf(StoreFile file)
    {
        string name = Path.GetFileName(file.Name);
        if (name == "data" && Path.GetDirectoryName(file.Name) is { Length: > 0 } folder)
            return Path.GetFileName(folder);
        return file.Unpacked && name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;
    }

    private void ReadWithin(StoreFile file, Container container, int nesting)
    {
        try
        {
            container.Read(file, new Members(this, file.Name, nesting));
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or LimitException)
        {
            _findings.Add(
                new UnreadFile(file.Name, $"what is behind this was not read: {fault.Message}") { IsDamaged = true }
            );
        }
    }

    private static bool IsLarge(StoreFile file) => !file.Content.CanSeek || file.Length > LargestInFolder;

    private bool Begins(StoreFile file) =>
        file.Content.CanSeek
        && StoreFormats.Recognise(file.Head(HeadLength).Span, file.Length) is not null
        && Search(file, here: true);

    private bool Search(StoreFile file, bool here)
    {
        try
        {
            var stores = StoreSearch.Find(file, null, options, here);
            if (stores.Count > 0)
                _findings.Add(SearchedFile.Of(file, stores));
            return stores.Count > 0 || FindErrorRecords(file);
        }
        catch (RecordFormatException fault)
        {
            throw new UsageException($"{file.Name}: {fault.Message}", fault);
        }
    }

    // Firmware of a server keeps them in blocks of its own in flash.
    private bool FindErrorRecords(StoreFile file)
    {
        if (file.ReadSmall(LargestInFolder) is not { } content || CperDump.Find(content) is not { Count: > 0 } records)
            return false;
        try
        {
            ErrorRecords.Take(file.Name, records, _findings.Add);
        }
        catch (InvalidDataException fault)
        {
            _findings.Add(new UnreadFile(file.Name, fault.Message) { IsDamaged = true });
        }
        return true;
    }

    /// <summary>What is in one archive.</summary>
    private sealed class Members(InputReader reader, string archive, int nesting) : IMembers
    {
        public void File(string inside, Func<Stream>? open)
        {
            string path = $"{archive}/{inside}";
            reader._budget.CountFile(path);
            if (open is not null)
                reader.Try(path, () => StoreFile.Of(path, reader._budget.Limit(path, Opened(path, open))), nesting);
        }

        // One may be packed in a way, or encrypted, that another is not.
        private static Stream Opened(string path, Func<Stream> open)
        {
            try
            {
                return open();
            }
            catch (Exception fault) when (fault is InvalidDataException or NotSupportedException)
            {
                throw new UsageException($"{path}: {fault.Message}", fault);
            }
        }

        public void Record(RecordFile record) => reader._findings.Add(record);

        public void Unread(string inside, string why) =>
            reader._findings.Add(new UnreadFile($"{archive}/{inside}", why));
    }
}
