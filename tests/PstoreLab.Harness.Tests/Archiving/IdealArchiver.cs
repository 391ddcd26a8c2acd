using System.Security.Cryptography;
using PstoreLab.Harness.Archiving;
using PstoreLab.Records;

namespace PstoreLab.Harness.Tests.Archiving;

/// <summary>What systemd-pstore should be: nothing is overwritten, and every dump has a folder of its own.</summary>
/// <param name="spoil">Does something wrong afterwards; gets the folder of the set, and whether records were to be
/// deleted. What it returns is the exit code.</param>
internal sealed class IdealArchiver(Func<string, bool, int>? spoil = null) : IArchiver, IDisposable
{
    private const UnixFileMode RecordMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Workspace { get; } =
        Directory
            .CreateDirectory(Path.Combine(ArchiverSandbox.Scratch, $"pstorelab-ideal-{Path.GetRandomFileName()}"))
            .FullName;

    public Task<IReadOnlyList<ArchiverExit>> RunAsync(
        IReadOnlyList<string> folders,
        bool unlink,
        CancellationToken cancellation
    ) =>
        Task.FromResult<IReadOnlyList<ArchiverExit>>([
            .. folders.Select(folder => Run(Path.Combine(Workspace, folder), unlink)),
        ]);

    public void Dispose() => Directory.Delete(Workspace, recursive: true);

    private ArchiverExit Run(string set, bool unlink)
    {
        var records = Directory
            .GetFiles(Path.Combine(set, "pstore"))
            .ToDictionary(
                file => Path.GetFileName(file),
                file => (Name: RecordName.Parse(Path.GetFileName(file)), Content: File.ReadAllBytes(file))
            );
        var dumps = Reassembly
            .Assemble(
                records
                    .Values.Where(record => record.Name.Type == RecordType.Dmesg)
                    .Select(record => DumpPart.Parse(record.Name, record.Content))
            )
            .Select(dump => dump.Parts.Select(part => part.Name.ToString()).ToList())
            .ToList();
        dumps.AddRange(records.Keys.Except(dumps.SelectMany(dump => dump)).Select(name => new List<string> { name }));
        foreach (var dump in dumps)
        {
            byte[][] contents = [.. dump.Select(name => records[name].Content)];
            string folder = Path.Combine(set, "archive", Convert.ToHexStringLower(SHA256.HashData(contents[0]))[..16]);
            Directory.CreateDirectory(folder);
            foreach (var (name, content) in dump.Zip(contents))
                Write(Path.Combine(folder, name), content, RecordMode);
            if (dump.Count > 1)
                Write(
                    Path.Combine(folder, "dmesg.txt"),
                    [.. contents.Reverse().SelectMany(content => content)],
                    RecordMode | UnixFileMode.GroupRead
                );
        }

        if (unlink)
        {
            foreach (string file in Directory.GetFiles(Path.Combine(set, "pstore")))
                File.Delete(file);
        }

        return new ArchiverExit(spoil?.Invoke(set, unlink) ?? 0, []);
    }

    private static void Write(string path, byte[] content, UnixFileMode mode)
    {
        File.WriteAllBytes(path, content);
        File.SetUnixFileMode(path, mode);
    }
}
