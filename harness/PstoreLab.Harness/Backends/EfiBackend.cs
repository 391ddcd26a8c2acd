using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Backends;

/// <summary>EFI variables: OVMF's own store, a private copy per case of the empty one that the distribution ships.</summary>
internal sealed class EfiBackend : IBackend
{
    private const string CodeName = "OVMF_CODE.fd";

    // Debian and Ubuntu, Fedora, Arch. Code and variables must be of one build and size: 4 MiB.
    private static readonly (string Code, string Variables)[] Builds =
    [
        ("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
        ("/usr/share/edk2/ovmf/OVMF_CODE_4M.fd", "/usr/share/edk2/ovmf/OVMF_VARS_4M.fd"),
        ("/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"),
    ];

    public string Name => "efi";

    public string Summary => "EFI variables, OVMF with its variable store in a file";

    public StoreKind Kind => StoreKind.Efi;

    public IReadOnlyList<string> RequiredOptions => ["CONFIG_PSTORE", "CONFIG_EFI_VARS_PSTORE"];

    public IReadOnlyList<string> Modules => ["efi_pstore"];

    // The EFI stub is in the bzImage; PVH would skip the firmware.
    public IReadOnlyList<KernelImage> Images => [KernelImage.BzImage];

    public StoreAttachment Attach(long? storeSize, string file)
    {
        if (storeSize is not null)
            throw new UsageException("store: the size of an EFI variable store is the firmware's own; leave the key out for the efi backend");
        var (code, variables) = Builds.FirstOrDefault(build => File.Exists(build.Code) && File.Exists(build.Variables));
        if (code is null)
            throw new UnsupportedException($"no OVMF firmware at {Builds[0].Code}; install it (Debian, Ubuntu: apt-get install ovmf)");
        return new StoreAttachment(
            Memory: GuestMemory.Ordinary,
            Devices:
            [
                "-drive", $"if=pflash,unit=0,format=raw,readonly=on,file={CodeName}",
                "-drive", $"if=pflash,unit=1,format=raw,file={file}",
            ],
            // Some distributions, Debian's old ones among them, ship it switched off.
            Parameters: new Dictionary<string, string> { ["efi_pstore.pstore_disable"] = "0" },
            Store: new StoreTemplate(new FileInfo(variables).Length, CopyOf: variables),
            Firmware: [new FirmwareFile(CodeName, code)]);
    }
}
