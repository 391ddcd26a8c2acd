using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using ZstdSharp;

namespace PstoreLab.Harness.Reports.Packing;

/// <summary>
/// Cases of a run in one archive, to be sent on: their evidence, with every kernel, initramfs and disk once. Unpacked
/// it is the folder of a run, in which each <c>repro.sh</c> works and <c>pstorelab judge</c> judges.
/// </summary>
public sealed class RunPack
{
    /// <summary>Endings of file names, and what they are compressed with.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".tar.gz", ".tar.zst"];

    private const int ZstdLevel = 9;

    // What a reader made of a case, and where its pipes lie.
    private const string ReproFolder = "repro";

    private readonly RunResults _run;
    private readonly string _top;
    private readonly TarWriter _tar;
    private readonly Dictionary<string, string> _packed = [];

    private RunPack(RunResults run, string top, TarWriter tar)
    {
        _run = run;
        _top = top;
        _tar = tar;
    }

    /// <summary>Writes an archive; a file of that name is replaced once it is whole.</summary>
    /// <param name="cases">Which of the run's.</param>
    /// <param name="path">Ends with one of <see cref="Endings"/>.</param>
    /// <exception cref="UsageException">The name ends otherwise.</exception>
    /// <exception cref="InfraException">Something cannot be read or written.</exception>
    public static void Write(RunResults run, IReadOnlyList<CaseResult> cases, string path)
    {
        string ending =
            Endings.FirstOrDefault(known => path.EndsWith(known, StringComparison.Ordinal))
            ?? throw new UsageException($"{path}: expected a name that ends with {string.Join(" or ", Endings)}");
        string partial = $"{path}.partial";
        try
        {
            using (var file = File.Create(partial))
            using (Stream packed = ending == Endings[0] ? Gzip(file) : new CompressionStream(file, ZstdLevel))
            using (var tar = new TarWriter(packed, TarEntryFormat.Pax))
                new RunPack(run, Path.GetFileName(path)[..^ending.Length], tar).Write(cases);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InfraException($"{path} cannot be written: {e.Message}", e);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static GZipStream Gzip(Stream file) => new(file, CompressionLevel.Optimal);

    private void Write(IReadOnlyList<CaseResult> cases)
    {
        Add("README.md", ReadMe(cases));
        Add(RunResults.FileName, string.Concat(cases.Select(result => EvidenceJson.Line(result) + "\n")));
        if (RunRecord.Read(_run.Root) is { } record)
            Add(RunRecord.FileName, EvidenceJson.Text(record) + "\n");
        foreach (
            string folder in cases
                .SelectMany(result => result.Attempts.Select(attempt => attempt.Folder).Prepend(result.Folder))
                .Distinct()
        )
            AddFolder(folder, StagedFiles(folder));
    }

    /// <summary>The names of the files of a case that nothing ever writes to.</summary>
    private IReadOnlySet<string> StagedFiles(string folder)
    {
        try
        {
            return _run.Within(folder) is { } root
                ? PlanFile.Read(new CaseFolder(root).Plan).Files.Select(file => file.Name).ToHashSet()
                : new HashSet<string>();
        }
        catch (EvidenceException)
        {
            // Damaged or missing, as of a case that never had a plan: each of its files is packed as it is.
            return new HashSet<string>();
        }
    }

    private void AddFolder(string folder, IReadOnlySet<string> staged)
    {
        // In a stranger's run it may lead out of it.
        if (_run.Within(folder) is not { } root || FileKinds.Of(root) != FileKind.Folder)
            return;
        foreach (
            string path in Directory.EnumerateFileSystemEntries(root).Order(StringComparer.Ordinal).Where(IsOfTheCase)
        )
        {
            string name = Path.GetRelativePath(_run.Root, path);
            switch (FileKinds.Of(path))
            {
                case FileKind.Folder:
                    AddFolder(name, new HashSet<string>());
                    break;
                case FileKind.Regular:
                    AddFile(name, path, staged.Contains(Path.GetFileName(path)));
                    break;
            }
        }
    }

    // A case beside it whose id goes on from this one's has a plan of its own.
    private static bool IsOfTheCase(string path) =>
        Path.GetFileName(path) != ReproFolder && !File.Exists(Path.Combine(path, "plan.json"));

    private void AddFile(string name, string path, bool isStaged)
    {
        using var content = File.OpenRead(path);
        string entry = $"{_top}/{name}";
        if (isStaged)
        {
            string digest = Convert.ToHexString(SHA256.HashData(content));
            if (!_packed.TryAdd(digest, entry))
            {
                _tar.WriteEntry(
                    new PaxTarEntry(TarEntryType.HardLink, entry)
                    {
                        LinkName = _packed[digest],
                        ModificationTime = File.GetLastWriteTimeUtc(path),
                    }
                );
                return;
            }
            content.Position = 0;
        }
        _tar.WriteEntry(
            new PaxTarEntry(TarEntryType.RegularFile, entry)
            {
                DataStream = content,
                ModificationTime = File.GetLastWriteTimeUtc(path),
                // ssh refuses a key that others may read.
                Mode = File.GetUnixFileMode(path) & (UnixFileMode)0b111_101_101,
            }
        );
    }

    private void Add(string name, string text) =>
        _tar.WriteEntry(
            new PaxTarEntry(TarEntryType.RegularFile, $"{_top}/{name}")
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
            }
        );

    private static string ReadMe(IReadOnlyList<CaseResult> cases) =>
        $"""
            # Evidence of {(cases.Count == 1 ? "a case" : $"{cases.Count} cases")} of PstoreLab

            Each case does itself again with QEMU and bash alone. `pstorelab judge .` judges all of them from the files.

            {string.Join(
                '\n',
                cases.Select(result =>
                    $"- {result.Verdict.ToString().ToLowerInvariant()}: {MarkdownText.Escaped(result.Reason)}\n"
                        + $"  `bash {result.Folder}/repro.sh`"
                )
            )}

            """;
}
