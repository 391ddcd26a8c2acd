namespace PstoreLab.Records.Stores;

/// <summary>Kinds of persistent stores.</summary>
public enum StoreKind
{
    /// <summary>A range of RAM that survives a reset (fs/pstore/ram.c and ram_core.c, 5.10 to 7.2).</summary>
    Ramoops,

    /// <summary>
    /// The file behind QEMU's <c>acpi-erst</c> device: ACPI error record serialization, with UEFI common platform error
    /// records (hw/acpi/erst.c of QEMU 6.2 to 10; drivers/acpi/apei/erst.c, 5.10 to 7.2).
    /// </summary>
    Erst,

    /// <summary>
    /// A UEFI variable store as EDK II (OVMF) lays it out in flash (MdeModulePkg/Universal/Variable of edk2;
    /// drivers/firmware/efi/efi-pstore.c, 5.10 to 7.2).
    /// </summary>
    Efi,

    /// <summary>A block device under pstore_blk (fs/pstore/zone.c and blk.c, 5.10 to 7.2).</summary>
    PstoreBlk,
}
