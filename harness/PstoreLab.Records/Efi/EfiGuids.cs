namespace PstoreLab.Records.Efi;

/// <summary>GUIDs of a variable store. In an image their first three fields are little-endian.</summary>
internal static class EfiGuids
{
    /// <summary>A firmware volume for variables: gEfiSystemNvDataFvGuid of MdeModulePkg.</summary>
    public static readonly Guid NvData = new("fff12b8d-7696-4c8b-a985-2747075b4f50");

    /// <summary>
    /// A variable store of authenticated variables, with the long headers, as in OVMF: gEfiAuthenticatedVariableGuid.
    /// </summary>
    public static readonly Guid AuthenticatedVariables = new("aaf32c78-947b-439a-a180-2e144ec37792");

    /// <summary>A variable store with the short headers: gEfiVariableGuid.</summary>
    public static readonly Guid Variables = new("ddcf3616-3275-4164-98b6-fe85707ffe7d");

    /// <summary>Vendor of pstore's variables: LINUX_EFI_CRASH_GUID in include/linux/efi.h.</summary>
    public static readonly Guid Dump = new("cfc8fc79-be2e-4ddc-97f0-9f98bfe298a0");

    /// <summary>The working block of fault-tolerant writes: gEdkiiWorkingBlockSignatureGuid.</summary>
    public static readonly Guid WorkingBlock = new("9e58292b-7c68-497d-a0ce-6500fd9f1b95");
}
