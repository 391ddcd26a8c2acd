using System.Buffers.Binary;
using System.Text;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Kernels;

/// <summary>The smallest things that pass for a kernel, a module and a package.</summary>
internal static class Synthetic
{
    /// <summary>Passes for a vmlinux.</summary>
    public static byte[] Elf { get; } =
    [0x7f, (byte)'E', (byte)'L', (byte)'F', .. Enumerable.Range(0, 100_000).Select(i => (byte)(i % 251))];

    /// <summary>A bzImage of boot protocol 2.15 with two setup sectors beside the boot sector.</summary>
    /// <param name="payload">Compressed, with whatever a build appends to it.</param>
    public static byte[] BzImage(byte[] payload, string release = "6.1.0-50-amd64")
    {
        const int setupSectors = 2,
            payloadOffset = 0x40;
        var start = ((setupSectors + 1) * 512) + payloadOffset;
        var image = new byte[start + payload.Length + 100];
        image[0x1f1] = setupSectors;
        "HdrS"u8.CopyTo(image.AsSpan(0x202));
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x206), 0x20f);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x20e), 0x300);
        Encoding.Latin1.GetBytes(release + " (builder@example) #1 SMP\0").CopyTo(image.AsSpan(0x500));
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x248), payloadOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x24c), (uint)payload.Length);
        payload.CopyTo(image.AsSpan(start));
        return image;
    }

    /// <summary>What the kernel's build makes of a vmlinux: compressed, its size appended.</summary>
    public static async Task<byte[]> PayloadAsync(string program, byte[] vmlinux)
    {
        // gzip ends with the size anyway; the build appends it to all others (scripts/Makefile.lib, size_append).
        var compressed = await CompressAsync(program, vmlinux);
        return program == "gzip" ? compressed : [.. compressed, .. BitConverter.GetBytes(vmlinux.Length)];
    }

    public static async Task<byte[]> CompressAsync(string program, byte[] content)
    {
        if (HostProgram.Find(program) is null)
            Assert.Ignore($"no {program} on this machine");
        using var output = new MemoryStream();
        string[] arguments = program == "lz4" ? ["-lc"] : ["-c"];
        var spec = new ProcessSpec(program, arguments)
        {
            StandardInput = new MemoryStream(content),
            StandardOutput = output,
        };
        (await new ProcessRunner().RunAsync(spec)).EnsureSuccess();
        return output.ToArray();
    }

    /// <summary>An ELF64 file whose only sections are .modinfo and the names of the two.</summary>
    public static byte[] Module(string depends)
    {
        var info = Encoding.ASCII.GetBytes($"license=GPL\0depends={depends}\0name=x\0");
        var names = "\0.modinfo\0.shstrtab\0"u8.ToArray();
        var table = 64 + info.Length + names.Length;
        var file = new byte[table + (3 * 64)];
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(file, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(0x28), (ulong)table);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x3a), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x3c), 3);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x3e), 2);
        info.CopyTo(file, 64);
        names.CopyTo(file, 64 + info.Length);
        Section(1, name: 1, offset: 64, info.Length);
        Section(2, name: 10, offset: 64 + info.Length, names.Length);
        return file;

        void Section(int index, uint name, int offset, int size)
        {
            var header = file.AsSpan(table + (index * 64));
            BinaryPrimitives.WriteUInt32LittleEndian(header, name);
            BinaryPrimitives.WriteUInt64LittleEndian(header[0x18..], (ulong)offset);
            BinaryPrimitives.WriteUInt64LittleEndian(header[0x20..], (ulong)size);
        }
    }

    /// <summary>A .deb with these files.</summary>
    public static async Task DebAsync(string target, Package package, IReadOnlyDictionary<string, byte[]> files)
    {
        using var tree = new ScratchFolder();
        tree.Write(
            "DEBIAN/control",
            $"Package: {package.Name}\nVersion: {package.Version}\nArchitecture: amd64\nMaintainer: x "
                + "<x@example>\nDescription: x\n"
        );
        foreach (var (name, content) in files)
            tree.Write(name, content);
        var spec = new ProcessSpec("dpkg-deb", "--root-owner-group", "-Zgzip", "-b", tree.Path, target);
        (await new ProcessRunner().RunAsync(spec)).EnsureSuccess();
    }
}
