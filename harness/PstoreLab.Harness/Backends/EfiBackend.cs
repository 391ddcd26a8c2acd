using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Backends;

/// <summary>
/// EFI variables: OVMF's own store, a private copy per case of the empty one that the distribution ships.
/// </summary>
internal sealed class EfiBackend : IBackend
{
    private const string CodeName = "OVMF_CODE.fd";

    // Debian and Ubuntu, Fedora, Arch. Code and variables must be of one build, and the size of its variables is what
    // tells the builds apart.
    private static readonly (string Code, string Variables)[] Builds =
    [
        ("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
        ("/usr/share/edk2/ovmf/OVMF_CODE_4M.fd", "/usr/share/edk2/ovmf/OVMF_VARS_4M.fd"),
        ("/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"),
        // The older layout of 2 MiB, whose store is a quarter of that.
        ("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
        ("/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"),
        ("/usr/share/edk2/x64/OVMF_CODE.fd", "/usr/share/edk2/x64/OVMF_VARS.fd"),
    ];

    // The default first.
    private static readonly long[] Sizes = [528 << 10, 128 << 10];

    public string Name => "efi";

    public string Summary => "EFI variables, OVMF with its variable store in a file";

    public StoreKind Kind => StoreKind.Efi;

    public IReadOnlyList<string> RequiredOptions => ["CONFIG_PSTORE", "CONFIG_EFI_VARS_PSTORE"];

    public IReadOnlyList<string> Modules => ["efi_pstore"];

    // The EFI stub is in the bzImage; PVH would skip the firmware.
    public IReadOnlyList<KernelImage> Images => [KernelImage.BzImage];

    public StoreAttachment Attach(long? storeSize, string file)
    {
        if (storeSize is { } wanted && !Sizes.Contains(wanted))
            throw new UsageException(
                "store: an EFI variable store is as large as its firmware has it: 528K (OVMF of 4 MB, the "
                    + "default) or 128K (OVMF of 2 MB)"
            );
        long size = storeSize ?? Sizes[0];
        var (code, variables) = Builds.FirstOrDefault(build =>
            File.Exists(build.Code) && File.Exists(build.Variables) && new FileInfo(build.Variables).Length == size
        );
        if (code is null)
        {
            string remedy =
                size == Sizes[0]
                    ? $" at {Builds[0].Code}; install it (Debian, Ubuntu: apt-get install ovmf)"
                    : "; only the 2 MB build of OVMF has such a one";
            throw new UnsupportedException($"no OVMF firmware whose variable store has {size >> 10}K{remedy}");
        }
        return new StoreAttachment(
            Memory: GuestMemory.Ordinary,
            Devices:
            [
                "-drive",
                $"if=pflash,unit=0,format=raw,readonly=on,file={CodeName}",
                "-drive",
                $"if=pflash,unit=1,format=raw,file={file}",
            ],
            // Some distributions, Debian's old ones among them, ship it switched off.
            Parameters: new Dictionary<string, string> { ["efi_pstore.pstore_disable"] = "0" },
            Store: new StoreTemplate(size, CopyOf: variables),
            Firmware: [new FirmwareFile(CodeName, code)]
        );
    }
}
