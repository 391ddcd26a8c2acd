namespace PstoreLab.Records.Efi;

/// <summary>
/// How far a variable has come. It is flash, where bits are only ever cleared: 0xff, 0x7f with the header, 0x3f with
/// all of it; bit 0 goes when its replacement is about to be written, bit 1 when that is done or it is deleted
/// (VariableFormat.h; UpdateVariable in Variable.c of EDK II).
/// </summary>
internal readonly record struct VariableState(byte Bits)
{
    public const byte Added = 0x3f;
    private const byte InTransition = 0x3e;
    private const byte HeaderOnly = 0x7f;
    private const byte Deleted = 0xfd;
    private const byte Obsolescent = 0xfe;

    public bool IsAdded => Bits == Added;

    /// <summary>Still there for firmware if its replacement is not.</summary>
    public bool IsInTransition => Bits == InTransition;

    /// <summary>It was whole once, and was deleted or replaced.</summary>
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
