using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Evidence;

/// <summary>What a run says of itself beside its results: <c>run.json</c>.</summary>
/// <param name="Format">The number of the format: <see cref="CurrentFormat"/>.</param>
/// <param name="Id">Its own, for ever: 32 hexadecimal digits.</param>
/// <param name="Version">The version of PstoreLab.</param>
/// <param name="Started">When it began.</param>
/// <param name="Host">What it ran on.</param>
/// <param name="Options">The options of <c>run</c> that its cases depend on, as they were given: kernels, guests and
/// scenarios of the user's own.</param>
/// <param name="SystemdVersions">The version of systemd in each guest that it has, by the guest's name.</param>
/// <param name="NotRun">The cases that did not run to a verdict. While it runs, and after a run that was killed, all of
/// them: a result takes a case out of these.</param>
public sealed record RunRecord(
    int Format,
    string Id,
    string Version,
    DateTimeOffset Started,
    HostRecord Host,
    IReadOnlyList<string> Options,
    IReadOnlyDictionary<string, string> SystemdVersions,
    IReadOnlyList<NotRun> NotRun
)
{
    public const int CurrentFormat = 1;

    /// <summary>Where the scenarios of its cases lie that are in no folder of scenarios, by family and name: only the
    /// file names them on a command line.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>Its name in the folder of a run.</summary>
    public const string FileName = "run.json";

    /// <summary>Reads that of a run.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <returns>Null where there is none, as of a run before there were any.</returns>
    /// <exception cref="EvidenceException">It is damaged, or of another format.</exception>
    public static RunRecord? Read(string folder)
    {
        // The last run is named by a link.
        string root = new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder;
        string path = Path.Combine(root, FileName);
        if (!EvidenceReader.IsKept(path))
            return null;
        var record = EvidenceJson.Kept<RunRecord>(path);
        return record.Format == CurrentFormat
            ? record
            : throw new EvidenceException(
                path,
                $"is of format {record.Format}, and this PstoreLab reads format {CurrentFormat}"
            );
    }

    /// <summary>The cases that did not run, without those that have a verdict after all.</summary>
    /// <param name="done">Their ids.</param>
    public IReadOnlyList<NotRun> Without(IEnumerable<string> done)
    {
        var ids = done.ToHashSet();
        return [.. NotRun.Where(one => !ids.Contains(one.Case))];
    }
}

/// <summary>The machine that a run was made on. It has no name: a report is passed on.</summary>
/// <param name="System">The operating system.</param>
/// <param name="Kernel">What <c>uname -r</c> says.</param>
/// <param name="Architecture">Such as <c>x64</c>.</param>
/// <param name="Cpus">How many a program may use.</param>
/// <param name="Qemu">The version of QEMU, such as <c>10.0.7</c>; empty where it does not say.</param>
/// <param name="Accelerator">What QEMU ran guests with: <c>kvm</c> or <c>tcg</c>.</param>
public sealed record HostRecord(
    string System,
    string Kernel,
    string Architecture,
    int Cpus,
    string Qemu,
    string Accelerator
);
