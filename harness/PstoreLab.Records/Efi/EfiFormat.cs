using System.Globalization;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Efi;

/// <summary>
/// A UEFI variable store as EDK II lays it out in flash (MdeModulePkg/Universal/Variable), such as <c>OVMF_VARS.fd</c>.
/// pstore's records are the variables of the vendor cfc8fc79-be2e-4ddc-97f0-9f98bfe298a0
/// (drivers/firmware/efi/efi-pstore.c, 5.10 to 7.2), one variable for each part; the data is the payload alone. A
/// deleted variable stays in its place until firmware, at a later boot, reclaims the room.
/// </summary>
internal sealed class EfiFormat : IStoreFormat
{
    /// <summary>
    /// Room that a kernel on x86 leaves free, in bytes (EFI_MIN_RESERVE in arch/x86/platform/efi/quirks.c, 5.10 to
    /// 7.2).
    /// </summary>
    private const int KernelReserve = 5120;

    private const string InvalidName =
        "no record has such a name; a kernel since 6.1 stops here and shows none of the records behind it";

    public StoreKind Kind => StoreKind.Efi;

    public string Name => "efi";

    public IReadOnlyList<string> Types { get; } = [RecordType.Dmesg];

    public StoreListing Listing { get; } = new EfiListing();

    public bool Recognises(ReadOnlySpan<byte> head, long length) =>
        VariableStore.IsVolume(head) || VariableStore.IsBare(head) || NvarStore.IsAt(head);

    public DecodedStore Decode(ReadOnlySpan<byte> image, StoreOptions options)
    {
        if (NvarStore.IsAt(image))
            return NvarStore.Decode(image, options);
        var store = VariableStore.Find(image);
        var variables = store.Walk(image);
        var records = new List<StoredRecord>();
        foreach (var variable in variables)
        {
            if (variable.Vendor == EfiGuids.Dump)
                records.Add(
                    Record(
                        image,
                        variable,
                        store.Rejection is null
                            ? StateOf(variable, variables)
                            : (RecordState.Invalid, "firmware replaces this store by an empty one")
                    )
                );
        }

        var hidden = HiddenRecords(image, store);
        foreach (var variable in hidden)
            records.Add(
                Record(
                    image,
                    variable,
                    (
                        RecordState.Invalid,
                        "firmware does not see it: it lies behind a variable without a valid start or length"
                    )
                )
            );
        return new DecodedStore(Kind, image.Length, Layout(store), options, records, [.. Remarks(store, variables)])
        {
            Faults = [.. Faults(image, store, hidden.Count)],
        };
    }

    public byte[] CreateEmpty(long size, StoreOptions options) => OvmfFlash.Create(size);

    /// <summary>
    /// Sets the variable as firmware does, behind the last one. A variable of the same name is marked as deleted and
    /// stays; with the same data it is kept, and nothing happens. The record's other form, compressed or not, is
    /// replaced, too, although it has another name. A variable that would leave less than 5120 bytes free is refused,
    /// as by a kernel on x86 (<c>efi_query_variable_store</c> in arch/x86/platform/efi/quirks.c, 5.10 to 7.2): it
    /// counts name and data, not the header.
    /// </summary>
    /// <inheritdoc/>
    public bool Write(Span<byte> image, StoreOptions options, RecordToWrite record)
    {
        string name = NameOf(record).ToString();
        var store = VariableStore.Find(image);
        if (store.Rejection is { } rejection)
            throw new RecordFormatException($"firmware does not write to this store: {rejection}");
        var variables = store.Walk(image);
        var replaced = variables
            .Where(variable =>
                variable.Vendor == EfiGuids.Dump
                && IsOf(variable.Name, name)
                && (variable.State.IsAdded || variable.State.IsInTransition)
            )
            .ToList();
        foreach (var variable in replaced)
        {
            if (
                variable.Name == name
                && StateOf(variable, variables).State == RecordState.Live
                && image.Slice(variable.DataOffset, variable.DataLength).SequenceEqual(record.Payload.Span)
            )
                return true;
        }

        long content = EfiVariable.NameBytes(name) + (long)record.Payload.Length;
        long length = EfiVariable.Aligned(store.VariableHeaderLength + content);
        if (length > store.Free || store.Free - content < KernelReserve)
            return false;
        if (image[store.FreeOffset..store.End].ContainsAnyExcept((byte)0xff))
            throw new RecordFormatException(
                "the store's free space is not blank: firmware must reclaim it before it can write there"
            );
        EfiVariable.Write(image, store.FreeOffset, store.VariableHeaderLength, name, record.Payload.Span);
        foreach (var variable in replaced)
            image[variable.Offset + 2] = variable.State.WithDeletion.Bits;
        return true;
    }

    // The last letter is the form of a record, and no part of its identity.
    private static bool IsOf(string variable, string name) =>
        variable.Length == name.Length && variable.AsSpan(..^1).SequenceEqual(name.AsSpan(..^1));

    private static DumpVariableName NameOf(RecordToWrite record)
    {
        int type = RecordType.Known.ToList().IndexOf(record.Type);
        if (type < 0)
            throw new RecordFormatException(
                $"pstore has no number for the type '{RecordText.ForDisplay(record.Type)}'; expected one of "
                    + $"{string.Join(", ", RecordType.Known)}"
            );
        if (record.Payload.IsEmpty)
            throw new RecordFormatException("an EFI variable has data: setting one without data deletes it");
        long seconds = record.WrittenAt.ToUnixTimeSeconds();
        if (seconds < 0)
            throw new RecordFormatException($"an EFI record of {record.WrittenAt:u}; expected a time since 1970");
        return new DumpVariableName(
            (uint)type,
            record.Part,
            record.Count,
            (ulong)seconds,
            record.MarkedCompressed ? 'C' : 'D'
        );
    }

    /// <summary>
    /// The state of a variable among the others, as firmware sees it (FindVariableEx and
    /// VariableServiceGetNextVariableInternal in VariableParsing.c of edk2).
    /// </summary>
    private static (RecordState State, string? Fault) StateOf(EfiVariable variable, IReadOnlyList<EfiVariable> all)
    {
        if (variable.State.IsDeleted)
            return (RecordState.Deleted, null);
        if (!variable.State.IsAdded && !variable.State.IsInTransition)
            return (RecordState.Invalid, $"its writing was interrupted: its state is {variable.State}");
        if (!variable.AtRuntime)
            return (RecordState.Invalid, $"its attributes, 0x{variable.Attributes:x}, hide it from a kernel");
        if (variable.Missing > 0)
            return (RecordState.Invalid, $"it extends {variable.Missing} bytes beyond the end of the store");
        if (!DumpVariableName.TryParse(variable.Name, out _))
            return (RecordState.Invalid, InvalidName);
        var same = all.Where(other => other.Vendor == variable.Vendor && other.Name == variable.Name && other.AtRuntime)
            .ToList();
        var found =
            same.FirstOrDefault(other => other.State.IsAdded)
            ?? same.LastOrDefault(other => other.State.IsInTransition);
        if (found == variable)
            return (RecordState.Live, null);
        return variable.State.IsInTransition
            ? (RecordState.Deleted, $"the variable at byte {found!.Offset} has replaced it")
            : (
                RecordState.Invalid,
                $"the variable at byte {found!.Offset} has the same name, and firmware finds that one alone"
            );
    }

    /// <summary>
    /// Records behind the last variable that firmware sees: a damaged header hides them, and their bytes are still
    /// there.
    /// </summary>
    private static List<EfiVariable> HiddenRecords(ReadOnlySpan<byte> image, VariableStore store)
    {
        var found = new List<EfiVariable>();
        int at = (int)EfiVariable.Aligned(store.HiddenOffset);
        while (store.End - at >= store.VariableHeaderLength)
        {
            // Variables begin at a multiple of 4.
            if (
                EfiVariable.At(image, at, store.End, store.VariableHeaderLength) is { Missing: 0 } variable
                && variable.Vendor == EfiGuids.Dump
                && DumpVariableName.TryParse(variable.Name, out _)
            )
            {
                found.Add(variable);
                at = (int)Math.Min(variable.Next, store.End);
            }
            else
            {
                at += 4;
            }
        }

        return found;
    }

    private static StoredRecord Record(
        ReadOnlySpan<byte> image,
        EfiVariable variable,
        (RecordState State, string? Fault) state
    )
    {
        var name = DumpVariableName.TryParse(variable.Name, out var parsed) ? parsed : null;
        byte[] payload = image.Slice(variable.DataOffset, variable.DataLength).ToArray();
        List<string> faults = state.Fault is { } fault ? [fault] : [];
        var decompressed = Decompress(name, payload);
        if (decompressed.Fault is { } damage)
            faults.Add(damage);
        int header = variable.DataOffset - variable.Offset;
        DateTimeOffset? written =
            name is not null && name.Seconds <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                ? DateTimeOffset.FromUnixTimeSeconds((long)name.Seconds)
                : null;
        return new StoredRecord
        {
            Place =
                variable.Name.Length > 0
                    ? $"variable {RecordText.ForDisplay(variable.Name)}"
                    : $"variable without a name at byte {variable.Offset}",
            Name = new RecordName(name?.Type ?? "unknown", EfiListing.LatestBackend, name?.Id ?? 0),
            State = state.State,
            Regions =
            [
                new StoreRegion(RegionKind.Header, variable.Offset, header),
                new StoreRegion(RegionKind.Data, variable.DataOffset, payload.Length),
            ],
            Payload = payload,
            MarkedCompressed = name?.Compressed ?? false,
            Decompressed = decompressed,
            WrittenAt = written,
            Fields = [.. Fields(variable, name)],
            Faults = faults,
            EndsListing = state.Fault == InvalidName,
            // Written again, it has the latest form of its name.
            AsRecordToWrite = new RecordToWrite(name?.Type ?? "unknown", payload)
            {
                MarkedCompressed = name?.Compressed ?? false,
                WrittenAt = written ?? DateTimeOffset.UnixEpoch,
                Part = name?.Part ?? 1,
                Count = name?.Count ?? 0,
            },
        };
    }

    /// <summary>Decompresses the data of a variable as its name says.</summary>
    internal static DecompressedPayload Decompress(DumpVariableName? name, byte[] payload) =>
        name switch
        {
            { Compressed: true, Type: RecordType.Dmesg } => RecordCompression.Decompress(payload),
            { Compressed: true } => new DecompressedPayload(
                CompressionMethod.Unknown,
                ReadOnlyMemory<byte>.Empty,
                $"it is marked as compressed, and no kernel decompresses a record of type {name.Type}"
            ),
            _ => DecompressedPayload.Plain(payload),
        };

    private static IEnumerable<KeyValuePair<string, string>> Fields(EfiVariable variable, DumpVariableName? name)
    {
        if (name is not null)
        {
            yield return new("part", name.Part.ToString(CultureInfo.InvariantCulture));
            if (name.Count is { } count)
                yield return new("count", count.ToString(CultureInfo.InvariantCulture));
            yield return new("time", name.Seconds.ToString(CultureInfo.InvariantCulture));
        }

        yield return new("attributes", $"0x{variable.Attributes:x}");
        yield return new("state", variable.State.ToString());
        if (variable.MonotonicCount != 0)
            yield return new("monotonic count", variable.MonotonicCount.ToString(CultureInfo.InvariantCulture));
    }

    private static string Layout(VariableStore store) =>
        (store.VolumeLength is { } length ? $"firmware volume of {length} bytes with " : "")
        + $"{(store.Authenticated ? "an authenticated" : "a plain")} variable store of {store.Length} bytes "
        + $"at byte {store.Offset}";

    private static List<string> Faults(ReadOnlySpan<byte> image, VariableStore store, int hidden)
    {
        var faults = new List<string>();
        if (store.Rejection is { } rejection)
            faults.Add($"firmware rejects this store and replaces it by an empty one: {rejection}");
        if (image[store.HiddenOffset..store.End].ContainsAnyExcept((byte)0xff))
            faults.Add(
                $"the space behind the last variable that firmware sees, from byte {store.HiddenOffset} on, is "
                    + $"not blank{(hidden > 0 ? $" and holds {hidden} records" : "")}"
            );
        return faults;
    }

    private static IEnumerable<string> Remarks(VariableStore store, IReadOnlyList<EfiVariable> variables)
    {
        long deleted = variables
            .Where(variable => !variable.State.IsAdded && !variable.State.IsInTransition)
            .Sum(Within);
        long used = variables.Sum(Within) - deleted;
        string full = store.Free <= KernelReserve ? $"; a kernel on x86 leaves at least {KernelReserve} free" : "";
        yield return $"{used} bytes are in use, {deleted} belong to deleted variables until firmware reclaims them, "
            + $"{store.Free} are free{full}";
        int others = variables.Count(variable =>
            variable.Vendor != EfiGuids.Dump && (variable.State.IsAdded || variable.State.IsInTransition)
        );
        yield return $"{others} variables are not pstore's";

        long Within(EfiVariable variable) => Math.Min(variable.Length, store.End - variable.Offset);
    }
}
