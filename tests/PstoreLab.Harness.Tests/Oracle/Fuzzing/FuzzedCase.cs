using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Oracle.Fuzzing;

/// <summary>A case folder that is changed, judged, and put back as it was.</summary>
internal sealed class FuzzedCase : IDisposable
{
    /// <summary>What a verdict does not rest on, and may change or go.</summary>
    private static readonly string[] Beside =
    [
        "verdict.json",
        "repro.sh",
        "store",
        "agent.log",
        "qmp.log",
        "qemu.log",
        "command.txt",
        "console.raw",
    ];

    private readonly ScratchFolder _scratch = new();
    private readonly Dictionary<string, byte[]> _files = [];

    /// <param name="name">For messages.</param>
    /// <param name="from">A case folder; it is copied, but for what its plan only links.</param>
    public FuzzedCase(string name, CaseFolder from)
    {
        Name = name;
        string[] staged = [.. PlanFile.Read(from.Plan).Files.Select(file => file.Name)];
        foreach (string path in Directory.EnumerateFiles(from.Root, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(from.Root, path);
            if (staged.Contains(relative))
                continue;
            _files[relative] = File.ReadAllBytes(path);
            _scratch.Write(relative, _files[relative]);
        }

        Folder = new CaseFolder(_scratch.Path);
        Before = Judge.Again(Folder).Judgement;
    }

    public string Name { get; }

    public CaseFolder Folder { get; }

    /// <summary>What is said of it as it is.</summary>
    public Judgement Before { get; }

    /// <summary>Changes the folder, judges it, and puts it back.</summary>
    /// <param name="reseal">Whether the digests are made after the change, as if the harness had left it so.</param>
    public Mutant Try(int seed, bool reseal)
    {
        var random = new Random(seed);
        var mutation = EvidenceMutation.Apply(
            Folder.Root,
            _files.Where(file => file.Value.Length > 0).ToDictionary(),
            random
        );
        bool touched = mutation.Files.Any(name => IsEvidence(name) && HasChanged(name));
        if (reseal)
            Reseal();
        string before = Listing();
        var after = Judge.Again(Folder).Judgement;
        string written = Listing();
        foreach (string name in mutation.Files.Append(Path.GetFileName(Folder.Seal)))
        {
            string path = Path.Combine(Folder.Root, name);
            File.Delete(path);
            if (_files.TryGetValue(name, out byte[]? content))
                File.WriteAllBytes(path, content);
        }

        return new Mutant(mutation, touched, after, before == written ? null : written);
    }

    // A bit may have been flipped twice, and what is zeroed been zeros.
    private bool HasChanged(string name) =>
        new FileInfo(Path.Combine(Folder.Root, name)) is not { Exists: true, LinkTarget: null } file
        || !_files.TryGetValue(name, out byte[]? content)
        || !content.SequenceEqual(File.ReadAllBytes(file.FullName));

    // A copy of a file is evidence only in the folder of an inspection, all of which is.
    private bool IsEvidence(string name) =>
        _files.ContainsKey(name)
            ? !Beside.Contains(Path.GetFileName(name)) || name is "boot-1/store" or "boot-2/store"
            : name.StartsWith("records-", StringComparison.Ordinal) && name.Contains('/')
                || name.Contains("/vmcore/", StringComparison.Ordinal);

    public void Dispose() => _scratch.Dispose();

    private void Reseal()
    {
        try
        {
            EvidenceSeal
                .WriteAsync(PlanFile.Read(Folder.Plan), Folder, CancellationToken.None)
                .GetAwaiter()
                .GetResult();
        }
        catch (PstoreLab.Harness.Faults.EvidenceException)
        {
            // What cannot be sealed cannot be judged either.
        }
    }

    private string Listing() =>
        string.Join(
            '\n',
            new DirectoryInfo(Folder.Root)
                .EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
                .Select(entry => $"{entry.FullName} {(entry as FileInfo)?.Length} {entry.LastWriteTimeUtc.Ticks}")
                .Order(StringComparer.Ordinal)
        );
}
