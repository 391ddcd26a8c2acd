using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Runs;

/// <summary>A beginning as one case has left it for others.</summary>
internal sealed class Begun
{
    private readonly Lock _gate = new();
    private readonly string[] _folders;
    private readonly string[] _files;
    private readonly IReadOnlyList<OtherStore> _others;
    private CaseFolder _folder;

    /// <param name="case">The case's id.</param>
    /// <param name="nonces">Of its crashes so far.</param>
    /// <param name="others">The stores of its other backends.</param>
    /// <param name="folder">Its folder; no guest runs in it.</param>
    /// <param name="log">What happened so far.</param>
    public Begun(
        string @case,
        IReadOnlyList<string> nonces,
        IReadOnlyList<OtherStore> others,
        CaseFolder folder,
        CycleLog log
    )
    {
        Case = @case;
        Nonces = nonces;
        Log = log;
        _folder = folder;
        _others = others;
        // Now, for the case continues, and what it adds is its own. Files that lie in the folder itself belong to its
        // plan.
        _folders = [.. Directory.EnumerateDirectories(folder.Root).Select(Path.GetFileName).OfType<string>()];
        _files =
        [
            .. _folders
                .SelectMany(name => Directory.EnumerateFiles(Path.Combine(folder.Root, name)))
                .Select(file => Path.GetRelativePath(folder.Root, file)),
        ];
    }

    public string Case { get; }

    public IReadOnlyList<string> Nonces { get; }

    public CycleLog Log { get; }

    /// <summary>
    /// Puts the evidence so far, which nobody writes to any more, and the stores into the staged folder of another
    /// case.
    /// </summary>
    public void CopyTo(CaseFolder other)
    {
        lock (_gate)
        {
            foreach (string name in _folders)
                Directory.CreateDirectory(Path.Combine(other.Root, name));
            foreach (string file in _files)
                Staging.Link(Path.Combine(_folder.Root, file), Path.Combine(other.Root, file));
            var last = _folder.Boot(Log.Boots[^1].Number);
            File.Copy(last.Store, other.Store, overwrite: true);
            foreach (var store in _others)
                File.Copy(last.Other(store), other.Other(store), overwrite: true);
        }
    }

    /// <summary>Moves the case's folder out of the way of another attempt at it.</summary>
    public void MoveTo(string previous)
    {
        lock (_gate)
        {
            Directory.Move(_folder.Root, previous);
            _folder = new CaseFolder(previous);
        }
    }
}
