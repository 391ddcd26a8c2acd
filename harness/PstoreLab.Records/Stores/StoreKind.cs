namespace PstoreLab.Records.Stores;

/// <summary>The kinds of store whose format is known here.</summary>
public enum StoreKind
{
    /// <summary>A range of RAM that survives a reset (fs/pstore/ram.c, ram_core.c).</summary>
    Ramoops,

    /// <summary>
    /// The file behind QEMU's <c>acpi-erst</c> device: ACPI error record serialization, with CPER records.
    /// </summary>
    Erst,

    /// <summary>A UEFI variable store as EDK II (OVMF) lays it out in flash.</summary>
    Efi,

    /// <summary>A block device under pstore_blk (fs/pstore/zone.c, blk.c).</summary>
    PstoreBlk,
}
