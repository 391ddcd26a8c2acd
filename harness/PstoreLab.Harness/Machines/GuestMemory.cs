namespace PstoreLab.Harness.Machines;

/// <summary>
/// The memory of a guest: one node of ordinary memory, or several, of which some are kept in files on the host.
/// </summary>
/// <param name="Nodes">In the order of their addresses, contiguous. The first has all processors.</param>
public sealed record GuestMemory(IReadOnlyList<MemoryNode> Nodes)
{
    /// <summary>
    /// Ordinary memory in MiB: an unpacked Debian kernel takes some 80, the rest is room for a slow panic path.
    /// </summary>
    public const int OrdinaryMiB = 512;

    public static GuestMemory Ordinary { get; } = new([new MemoryNode("ordinary", OrdinaryMiB)]);

    /// <summary>Its whole size.</summary>
    public int MiB => Nodes.Sum(node => node.MiB);

    /// <summary>QEMU's arguments for it.</summary>
    /// <param name="cpus">Processors of the machine.</param>
    /// <param name="kept">Where memory that is gone with QEMU is kept all the same; null for nowhere.</param>
    public IReadOnlyList<string> Arguments(int cpus, KeptMemory? kept = null) =>
        Nodes is [{ File: null } only]
            ? kept is null
                ? ["-m", $"{MiB}M"]
                : ["-m", $"{MiB}M", "-object", Backend(only, kept), .. kept.Machine.MemoryFrom(only.Name)]
            :
            [
                "-m",
                $"{MiB}M",
                .. Nodes.SelectMany(node => (string[])["-object", Backend(node, kept)]),
                .. Nodes.SelectMany(
                    (node, i) => (string[])["-numa", $"node,memdev={node.Name}{(i > 0 ? "" : Processors(cpus))}"]
                ),
            ];

    private static string Backend(MemoryNode node, KeptMemory? kept) =>
        node.File is { } file ? InFile(node, file, isShared: true)
        : kept is null ? $"memory-backend-ram,id={node.Name},size={node.MiB}M"
        : InFile(node, kept.FileOf(node), kept.IsShared);

    // A comma is doubled in a value.
    private static string InFile(MemoryNode node, string file, bool isShared) =>
        $"memory-backend-file,id={node.Name},size={node.MiB}M,"
        + $"mem-path={file.Replace(",", ",,", StringComparison.Ordinal)},share={(isShared ? "on" : "off")}";

    private static string Processors(int cpus) => cpus == 1 ? ",cpus=0" : $",cpus=0-{cpus - 1}";
}

/// <summary>A piece of a guest's memory.</summary>
/// <param name="Name">What QEMU calls it.</param>
/// <param name="File">Its content, relative to the case folder, which outlives QEMU; null for memory that is gone with
/// QEMU.</param>
public sealed record MemoryNode(string Name, int MiB, string? File = null);

/// <summary>Files that the memory of a checkpoint is kept in.</summary>
/// <param name="Machine">Whose memory it is.</param>
/// <param name="Folder">Absolute path of their folder.</param>
/// <param name="IsShared">Whether a guest writes to them; one that does not changes a copy of its own.</param>
public sealed record KeptMemory(IMachine Machine, string Folder, bool IsShared)
{
    /// <summary>The file of a piece of memory.</summary>
    public string FileOf(MemoryNode node) => FileOf(Folder, node.Name);

    /// <summary>The file of a piece of memory, by its name.</summary>
    public static string FileOf(string folder, string node) => Path.Combine(folder, $"{node}.ram");
}
