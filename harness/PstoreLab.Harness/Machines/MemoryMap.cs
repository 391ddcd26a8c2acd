namespace PstoreLab.Harness.Machines;

/// <summary>Where in a machine's memory there is place for what outlives QEMU.</summary>
/// <param name="Start">Physical address of the first byte of memory.</param>
/// <param name="TailMiB">Memory above a persistent window that QEMU itself fills at every boot.</param>
/// <param name="FirmwareTailMiB">The same where firmware works there, too.</param>
public sealed record MemoryMap(long Start, int TailMiB, int FirmwareTailMiB)
{
    /// <summary>Physical address of a persistent window's first byte: right behind the ordinary memory.</summary>
    public long WindowAddress => Start + ((long)GuestMemory.OrdinaryMiB << 20);

    /// <summary>
    /// The alignment that has <see cref="WindowAddress"/> as its only multiple in a guest's memory, so that a kernel
    /// which picks aligned memory by itself can pick no other.
    /// </summary>
    public long WindowAlignment => WindowAddress;

    /// <summary>Memory with a window in it.</summary>
    /// <param name="file">The window's content, in the case folder.</param>
    public GuestMemory WithWindow(int sizeMiB, string file) =>
        new([
            new MemoryNode("ordinary", GuestMemory.OrdinaryMiB),
            new MemoryNode("window", sizeMiB, file),
            new MemoryNode("tail", TailMiB),
        ]);

    /// <summary>The same memory under firmware.</summary>
    public GuestMemory UnderFirmware(GuestMemory memory) =>
        memory.Nodes is [{ File: null }]
            ? memory
            : new([.. memory.Nodes.SkipLast(1), memory.Nodes[^1] with { MiB = FirmwareTailMiB }]);
}
