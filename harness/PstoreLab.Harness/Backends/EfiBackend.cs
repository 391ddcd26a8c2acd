using PstoreLab.Harness.Machines;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Backends;

/// <summary>
/// EFI variables: the store of the machine's firmware, a private copy per case of the empty one that the distribution
/// ships.
/// </summary>
internal sealed class EfiBackend : IBackend
{
    public string Name => "efi";

    public string Summary => "EFI variables, EDK II with its variable store in a file";

    public StoreKind Kind => StoreKind.Efi;

    public IReadOnlyList<string> RequiredOptions => ["CONFIG_PSTORE", "CONFIG_EFI_VARS_PSTORE"];

    public IReadOnlyList<string> Modules => ["efi_pstore"];

    public MachineFeature? Needs => MachineFeature.EfiVariables;

    public bool KeepsAllParts => true;

    public IReadOnlyList<string> Functions => ["efi_pstore"];

    public bool IsCopiedByFirmware => true;

    public bool IsUsedAtBoot(IEnumerable<string> modules, IReadOnlyDictionary<string, string> parameters) =>
        !modules.Contains("efi_pstore");

    public StoreAttachment Attach(IMachine machine, long? storeSize, string file)
    {
        var firmware = machine.Efi!;
        var build = firmware.Find(storeSize);
        return new StoreAttachment(
            Memory: GuestMemory.Ordinary,
            Devices: firmware.Flash(file),
            // Some distributions, Debian's old ones among them, ship it switched off.
            Parameters: new Dictionary<string, string> { ["efi_pstore.pstore_disable"] = "0" },
            Store: new StoreTemplate(new FileInfo(build.Variables).Length, CopyOf: build.Variables),
            Firmware: [new FirmwareFile(firmware.CodeName, build.Code)]
        );
    }
}
