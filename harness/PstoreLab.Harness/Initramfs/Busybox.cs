using System.Buffers.Binary;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Initramfs;

/// <summary>The host's busybox, which is all the user space an initramfs guest has.</summary>
public static class Busybox
{
    private const string Install = "Install a static one (on Debian and Ubuntu: apt install busybox-static).";

    // ELF64: System V ABI, chapters 4 and 5.
    private const int ProgramTable = 0x20;
    private const int ProgramSize = 0x36;
    private const int ProgramCount = 0x38;
    private const uint Interpreter = 3;

    /// <summary>Where it is.</summary>
    /// <exception cref="UnsupportedException">There is none, or it needs libraries that a guest does not
    /// have.</exception>
    public static string Locate(IArchitecture architecture)
    {
        var path =
            HostProgram.Find("busybox")
            ?? throw new UnsupportedException($"Guests need busybox, which is not on PATH. {Install}");
        return IsStatic(path, architecture)
            ? path
            : throw new UnsupportedException(
                $"{path} is not a statically linked program for {architecture.Name}, so it cannot run in a guest. "
                    + Install
            );
    }

    /// <summary>Whether a program is one of that architecture without an interpreter (dynamic linker).</summary>
    internal static bool IsStatic(string path, IArchitecture architecture)
    {
        Span<byte> head = stackalloc byte[4096];
        using var file = File.OpenHandle(path);
        head = head[..RandomAccess.Read(file, head, 0)];
        if (
            head.Length < 64
            || !head.StartsWith("\x7f"u8)
            || head[4] != 2
            || BinaryPrimitives.ReadUInt16LittleEndian(head[0x12..]) != architecture.ElfMachine
        )
            return false;
        var table = BinaryPrimitives.ReadUInt64LittleEndian(head[ProgramTable..]);
        var size = BinaryPrimitives.ReadUInt16LittleEndian(head[ProgramSize..]);
        var end = table + (ulong)(size * BinaryPrimitives.ReadUInt16LittleEndian(head[ProgramCount..]));
        if (end > (ulong)head.Length)
            return false;
        for (var at = (int)table; at < (int)end; at += size)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(head[at..]) == Interpreter)
                return false;
        }
        return true;
    }
}
