namespace PstoreLab.Records.Efi;

/// <summary>Where an image has its variables: a VARIABLE_STORE_HEADER and the room behind it.</summary>
/// <param name="Offset">Of the header, in bytes.</param>
/// <param name="Length">With the header, in bytes.</param>
public readonly record struct EfiVariableArea(int Offset, int Length)
{
    /// <summary>
    /// Firmware makes room at each boot where less than its longest variable is left: <c>ReclaimForOS</c> in
    /// MdeModulePkg/Universal/Variable/RuntimeDxe/Variable.c, and PcdMaxAuthVariableSize in OvmfPkg/OvmfPkgX64.dsc.
    /// </summary>
    private const int LongestVariable = 0x8400;

    /// <summary>That of an image that firmware takes as it is; null where it would replace all of it.</summary>
    public static EfiVariableArea? Find(ReadOnlySpan<byte> image)
    {
        try
        {
            var store = VariableStore.Find(image);
            return store.Rejection is null ? new EfiVariableArea(store.Offset, store.Length) : null;
        }
        catch (RecordFormatException)
        {
            return null;
        }
    }

    /// <summary>
    /// The dumps that a store has behind all that another one has, where nothing else differs, all of them are whole
    /// or deleted, and enough room is left: firmware that boots over it finds nothing more to do than over the other.
    /// </summary>
    /// <param name="before">An image of a whole store.</param>
    /// <param name="after">Another one.</param>
    /// <returns>Offset and length in bytes, the length perhaps 0; null where anything else differs.</returns>
    public static (int Offset, int Length)? DumpsAdded(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if (Find(before) is not { } area || area != Find(after) || before.Length != after.Length)
            return null;
        int end = area.Offset + area.Length;
        int from = FreeOffset(before, out _);
        int to = FreeOffset(after, out var variables);
        return
            end - to >= LongestVariable
            && !before[from..end].ContainsAnyExcept((byte)0xff)
            && !after[to..end].ContainsAnyExcept((byte)0xff)
            && before[..from].SequenceEqual(after[..from])
            && before[end..].SequenceEqual(after[end..])
            && variables.All(variable => variable.Offset < from || IsSettled(variable))
            ? (from, to - from)
            : null;
    }

    private static bool IsSettled(EfiVariable variable) =>
        variable.Vendor == EfiGuids.Dump
        && variable.Attributes == EfiVariable.PstoreAttributes
        && variable.Missing == 0
        && (variable.State.IsAdded || variable.State.IsDeleted);

    private static int FreeOffset(ReadOnlySpan<byte> image, out IReadOnlyList<EfiVariable> variables)
    {
        var store = VariableStore.Find(image);
        variables = store.Walk(image);
        return store.FreeOffset;
    }
}
