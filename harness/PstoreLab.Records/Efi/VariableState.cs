namespace PstoreLab.Records.Efi;

/// <summary>
/// State of a variable. Flash only clears bits: 0xff is blank, 0x7f has a header, 0x3f is complete. Bit 0 is cleared
/// before a replacement is written, bit 1 after it, or when the variable is deleted (VariableFormat.h, and
/// UpdateVariable in Variable.c, of edk2).
/// </summary>
internal readonly record struct VariableState(byte Bits)
{
    public const byte Added = 0x3f;
    private const byte InTransition = 0x3e;
    private const byte HeaderOnly = 0x7f;
    private const byte Deleted = 0xfd;
    private const byte Obsolescent = 0xfe;

    public bool IsAdded => Bits == Added;

    /// <summary>Firmware finds it unless its replacement is complete.</summary>
    public bool IsInTransition => Bits == InTransition;

    /// <summary>It was complete, and was deleted or replaced.</summary>
    public bool IsDeleted => (Bits & 0xc2) == 0;

    public VariableState WithDeletion => new((byte)(Bits & Obsolescent & Deleted));

    public override string ToString() =>
        (Bits, IsDeleted) switch
        {
            (Added, _) => "0x3f, added",
            (InTransition, _) => "0x3e, about to be replaced",
            (HeaderOnly, _) => "0x7f, header only",
            (_, true) => $"0x{Bits:x2}, deleted",
            _ => $"0x{Bits:x2}",
        };
}
