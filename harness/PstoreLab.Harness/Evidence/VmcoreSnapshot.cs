using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Evidence;

/// <summary>
/// What a capture kernel (crash kernel) reported of <c>/proc/vmcore</c>: some of it, for the whole is all of the memory
/// that was (made by <c>vmcore</c> in images/initramfs/agent).
/// </summary>
/// <param name="Size">Of the whole dump, in bytes.</param>
/// <param name="Head">Its beginning: the ELF header, the program headers and the notes.</param>
/// <param name="Log">The log buffer of the kernel that died, with all that lies between its messages.</param>
public sealed partial record VmcoreSnapshot(long Size, byte[] Head, byte[] Log)
{
    private const int TypeOffset = 16;
    private const byte Core = 4;

    /// <summary>What was kept of a dump; null when no capture kernel looked at one.</summary>
    /// <exception cref="EvidenceException">It is damaged.</exception>
    public static VmcoreSnapshot? Read(string folder)
    {
        if (!EvidenceReader.IsFolderKept(folder))
            return null;
        var files = RecordSnapshot.Read(folder);
        return new VmcoreSnapshot(
            long.TryParse(Encoding.ASCII.GetString(File("size")), CultureInfo.InvariantCulture, out long size)
            && size >= 0
                ? size
                : throw new EvidenceException(Path.Combine(folder, "size"), "is no number of bytes"),
            File("head"),
            File("log")
        );

        byte[] File(string name) =>
            files.GetValueOrDefault(name) ?? throw new EvidenceException(Path.Combine(folder, name), "is missing");
    }

    /// <summary>Whether it begins as a core file of ELF64 does (elf(5): <c>ET_CORE</c>).</summary>
    public bool IsCore =>
        Head.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8) && Head.Length > TypeOffset && Head[TypeOffset] == Core;

    /// <summary>
    /// What <c>uname -r</c> said in the kernel that died, by the note VMCOREINFO
    /// (Documentation/admin-guide/kdump/vmcoreinfo.rst); null where it does not say.
    /// </summary>
    public string? Release =>
        OsRelease().Match(Encoding.Latin1.GetString(Head)) is { Success: true } found ? found.Groups[1].Value : null;

    [GeneratedRegex(@"(?<=\0|\n)OSRELEASE=([^\n\0]+)\n")]
    private static partial Regex OsRelease();
}
