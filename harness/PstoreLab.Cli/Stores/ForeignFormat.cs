namespace PstoreLab.Cli.Stores;

/// <summary>Formats that are not read here, and what makes a file of each that is.</summary>
internal static class ForeignFormat
{
    private static readonly (byte[] Magic, string Advice)[] Known =
    [
        ([0xfd, .. "7zXZ\0"u8], "it is compressed by xz; `xz -dk FILE` decompresses it"),
        ([0x28, 0xb5, 0x2f, 0xfd], "it is compressed by zstd; `zstd -d FILE` decompresses it"),
        ([.. "BZh"u8], "it is compressed by bzip2; `bzip2 -dk FILE` decompresses it"),
        ([0x04, 0x22, 0x4d, 0x18], "it is compressed by lz4; `lz4 -d FILE` decompresses it"),
        ([.. "7z"u8, 0xbc, 0xaf, 0x27, 0x1c], "it is a 7z archive; `7z x FILE` unpacks it"),
        ([.. "Rar!"u8], "it is a rar archive; `unrar x FILE` unpacks it"),
        (
            [.. "KDUMP   "u8],
            "it is a vmcore of which the pages are packed; `makedumpfile --dump-dmesg FILE log` prints its log"
        ),
        ([.. "makedumpfile"u8], "it is a flattened vmcore; `makedumpfile -R vmcore < FILE` makes a vmcore of it"),
        ([.. "QFI"u8, 0xfb], "it is a qcow2 that cannot be read twice; make a plain file of it first"),
        (
            [.. "LPKSHHRH"u8],
            "it is a journal; `journalctl --file FILE -t systemd-pstore -o export > pstore.export` makes a file of it"
        ),
        ([.. "KDMV"u8], "it is a vmdk; `qemu-img convert -O raw FILE disk.raw` makes a file of it"),
        ([.. "vhdxfile"u8], "it is a vhdx; `qemu-img convert -O raw FILE disk.raw` makes a file of it"),
        ([0x3a, 0xff, 0x26, 0xed], "it is an Android sparse image; `simg2img FILE disk.raw` makes a file of it"),
    ];

    /// <summary>One sentence: what a file is by its first bytes, and the command; null for none of these.</summary>
    public static string? AdviceFor(ReadOnlySpan<byte> head)
    {
        foreach (var (magic, advice) in Known)
        {
            if (head.StartsWith(magic))
                return advice;
        }
        return null;
    }
}
