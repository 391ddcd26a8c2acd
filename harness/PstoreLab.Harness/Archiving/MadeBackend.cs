using PstoreLab.Records;
using PstoreLab.Records.Blk;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Archiving;

/// <summary>A backend whose store <see cref="MadeStore"/> makes.</summary>
/// <param name="Name">What it calls itself in file names.</param>
/// <param name="Format">What its store's bytes are.</param>
/// <param name="Size">Of the store, in bytes.</param>
/// <param name="Reader">The kernel that writes and lists it.</param>
/// <param name="Options">How it is laid out.</param>
/// <param name="OtherTypes">Types of the records beside dmesg that it is given.</param>
/// <param name="KeepsAllParts">Whether a dump has more than one part.</param>
internal sealed record MadeBackend(
    string Name,
    IStoreFormat Format,
    long Size,
    Version Reader,
    StoreOptions Options,
    IReadOnlyList<string> OtherTypes,
    bool KeepsAllParts
)
{
    // EFI variables got the backend's new name in 6.2.
    private static readonly Version Old = new(6, 1);
    private static readonly Version New = new(6, 12);

    /// <summary>Each that systemd-pstore is shown.</summary>
    public static IReadOnlyList<MadeBackend> All { get; } =
    [
        new("efi", FormatOf("efi"), 0x84000, Old, Laid([]), [], true),
        new("efi_pstore", FormatOf("efi"), 0x84000, New, Laid([]), [], true),
        new("erst", FormatOf("erst"), 0x100000, New, Laid([]), [RecordType.Mce], true),
        new(
            "ramoops",
            FormatOf("ramoops"),
            0x20000,
            New,
            Laid(
                new()
                {
                    ["ramoops.mem_size"] = "0x20000",
                    ["ramoops.record_size"] = "0x2000",
                    ["ramoops.console_size"] = "0x4000",
                    ["ramoops.pmsg_size"] = "0x1000",
                    ["ramoops.ftrace_size"] = "0x1000",
                }
            ),
            [RecordType.Console, RecordType.Pmsg, RecordType.Ftrace],
            false
        ),
        new(
            "pstore_blk",
            FormatOf("pstore-blk"),
            0x40000,
            New,
            Laid(new() { [PstoreBlkParameters.KmsgSize] = "16", [PstoreBlkParameters.PmsgSize] = "4" }),
            [RecordType.Pmsg],
            false
        ),
    ];

    public static MadeBackend Get(string name) => All.First(backend => backend.Name == name);

    private static IStoreFormat FormatOf(string name) => StoreFormats.All.First(format => format.Name == name);

    private static StoreOptions Laid(Dictionary<string, string> parameters) =>
        new()
        {
            Parameters = parameters,
            Cpus = 1,
            Kernel = New,
        };
}
