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
    public IReadOnlyList<string> Arguments(int cpus) =>
        Nodes is [{ File: null }]
            ? ["-m", $"{MiB}M"]
            :
            [
                "-m",
                $"{MiB}M",
                .. Nodes.SelectMany(node =>
                    (string[])
                        [
                            "-object",
                            node.File is null
                                ? $"memory-backend-ram,id={node.Name},size={node.MiB}M"
                                : $"memory-backend-file,id={node.Name},size={node.MiB}M,mem-path={node.File},share=on",
                        ]
                ),
                .. Nodes.SelectMany(
                    (node, i) => (string[])["-numa", $"node,memdev={node.Name}{(i > 0 ? "" : Processors(cpus))}"]
                ),
            ];

    private static string Processors(int cpus) => cpus == 1 ? ",cpus=0" : $",cpus=0-{cpus - 1}";
}

/// <summary>A piece of a guest's memory.</summary>
/// <param name="Name">What QEMU calls it.</param>
/// <param name="File">Its content, relative to the case folder, which outlives QEMU; null for memory that is gone with
/// QEMU.</param>
public sealed record MemoryNode(string Name, int MiB, string? File = null);
