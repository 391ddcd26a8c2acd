using System.Buffers.Binary;
using System.IO.Compression;

namespace PstoreLab.Cli.Tests.Decoding;

/// <summary>A store in a qcow2, as libvirt keeps variables.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class Qcow2Tests
{
    private const int Cluster = 0x10000;

    [Test]
    public async Task What_a_guest_sees_is_read()
    {
        using var folder = new StoreFolder();
        byte[] content = [.. new byte[Cluster], .. StoreFolder.Area("Panic#1 Part1\nin a disk\n"), 1, 2, 3];
        folder.Write("disk.qcow2", Disk(content, packed: false));
        folder.Write("packed.qcow2", Disk(content, packed: true));
        foreach (string name in (string[])["disk.qcow2", "packed.qcow2"])
            Assert.That(
                await CommandRun.OutputAsync(folder.Root, "decode", name),
                Does.StartWith(
                        $"{name}, {content.Length} bytes unpacked, with 1 ramoops area\n\nat byte 65536, 0x10000\n"
                    )
                    .And.EndsWith("\nin a disk\n")
            );
    }

    [TestCase(8, "lies over another disk, which is not opened for it")]
    [TestCase(32, "is encrypted")]
    [TestCase(72, "has its data in another file, which is not opened for it")]
    public async Task One_that_does_not_stand_for_itself_is_refused(int field, string why)
    {
        using var folder = new StoreFolder();
        byte[] disk = Disk(new byte[Cluster], packed: false);
        disk[field + (field == 32 ? 3 : 7)] = 4;
        folder.Write("disk.qcow2", disk);
        Assert.That(
            await CommandRun.ComplaintAsync(folder.Root, "decode", "disk.qcow2"),
            Is.EqualTo(
                $"pstorelab: disk.qcow2 is a qcow2 that {why}; `qemu-img convert -O raw disk.qcow2 disk.raw` makes a "
                    + "file of it\n"
            )
        );
    }

    /// <summary>Header, the first table, the second one, and the clusters that are not empty.</summary>
    internal static byte[] Disk(byte[] content, bool packed)
    {
        byte[] head = new byte[3 * Cluster];
        "QFI"u8.CopyTo(head);
        (head[3], head[7], head[23], head[39], head[103]) = (0xfb, 3, 16, 1, 104);
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(24), content.Length);
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(40), Cluster);
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(Cluster), (2 * Cluster) | (1L << 63));
        var disk = new MemoryStream();
        disk.Write(head);
        foreach (var (index, piece) in content.Chunk(Cluster).Index())
        {
            if (!piece.Any(value => value != 0))
                continue;
            byte[] stored = [.. piece, .. new byte[Cluster - piece.Length]];
            long entry = disk.Length | (1L << 63);
            if (packed)
            {
                stored = Packed(stored);
                entry = disk.Length | ((stored.Length - 1L) / 512 << 54) | (1L << 62);
            }
            BinaryPrimitives.WriteInt64BigEndian(head.AsSpan((2 * Cluster) + (8 * index)), entry);
            disk.Write(stored);
            disk.Write(new byte[(512 - (stored.Length % 512)) % 512]);
        }
        disk.Position = 0;
        disk.Write(head);
        return disk.ToArray();
    }

    private static byte[] Packed(byte[] cluster)
    {
        var output = new MemoryStream();
        using (var deflater = new DeflateStream(output, CompressionLevel.Optimal))
            deflater.Write(cluster);
        return output.ToArray();
    }
}
