using System.Text.RegularExpressions;
using PstoreLab.Records;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Efi;

namespace PstoreLab.Cli.Stores;

/// <summary>
/// A file out of <c>/sys/fs/pstore</c>, or a copy of one, such as <c>dmesg-erst-7710738641726734337.enc.z</c>: one
/// record, perhaps still compressed because no kernel that looked could decompress it.
/// </summary>
/// <param name="Path">As it was given, or from the given folder on.</param>
/// <param name="Name">What its file is called; made up for a file of any other name, of which only the content says
/// that it is a dump.</param>
/// <param name="Payload">Its bytes, without the notice of what ECC did.</param>
/// <param name="Decompressed">The payload uncompressed, as far as it could be.</param>
/// <param name="Ecc">What ramoops says of its repairs, behind the payload; null when it says nothing.</param>
internal sealed partial record RecordFile(
    string Path,
    RecordName Name,
    ReadOnlyMemory<byte> Payload,
    DecompressedPayload Decompressed,
    EccNotice? Ecc
)
{
    /// <summary>No record is larger, neither compressed nor uncompressed.</summary>
    public const int Largest = RecordCompression.MaxDecompressedLength;

    /// <summary>The backend in the name of a file that has no such name.</summary>
    private const string UnknownBackend = "unknown";

    /// <summary>What a person calls it where no other has the same name.</summary>
    public string Label { get; init; } = System.IO.Path.GetFileName(Path);

    /// <summary>Whether its name says that it is compressed.</summary>
    public bool MarkedCompressed { get; init; } = Name.Compressed;

    /// <summary>Whether there is anything to be read in it.</summary>
    public bool IsReadable => Decompressed.Bytes.Length > 0;

    /// <summary>Whether a file is a record by its name alone.</summary>
    public static bool IsNamed(string fileName) =>
        RecordFileName.TryParse(fileName, out _) || EfiDumpVariable.OfFile(fileName, default) is not null;

    /// <summary>Takes a file for the record that its name says it is: one of pstore's, or of efivarfs.</summary>
    /// <param name="path">What it is called here.</param>
    /// <param name="fileName">Its name, which <see cref="IsNamed"/> knows.</param>
    public static RecordFile ReadNamed(string path, string fileName, ReadOnlyMemory<byte> content)
    {
        if (EfiDumpVariable.OfFile(fileName, content) is { } variable)
            return Of(path, variable);
        _ = RecordFileName.TryParse(fileName, out var name);
        return Read(path, name, content.Span)!;
    }

    /// <summary>Takes an EFI variable for the record that it is.</summary>
    public static RecordFile Of(string path, EfiDumpVariable variable) => Of(path, variable.Name, variable.Payload);

    /// <summary>Takes bytes for the record that something else than a file's name says they are.</summary>
    /// <param name="name">With <c>.enc.z</c> for one that is compressed.</param>
    public static RecordFile Of(string path, RecordName name, ReadOnlyMemory<byte> payload)
    {
        var shown = name with { Compressed = false };
        return new RecordFile(path, shown, payload, Decompress(name, payload)!, null)
        {
            Label = shown.ToString(),
            MarkedCompressed = name.Compressed,
        };
    }

    /// <summary>Takes a file for a record by its name, or by its content if that is a dump.</summary>
    /// <param name="index">Which of the files it is; files without a name of pstore's are put together in this
    /// order.</param>
    /// <returns>Null when it is none.</returns>
    public static RecordFile? Read(string path, ReadOnlySpan<byte> content, int index)
    {
        var name = RecordName.TryParse(System.IO.Path.GetFileName(path), out var parsed) ? parsed : null;
        return Read(path, name, content, index);
    }

    private static RecordFile? Read(string path, RecordName? name, ReadOnlySpan<byte> content, int index = 0)
    {
        EccNotice.TryStrip(RecordText.FromBytes(content), out var ecc, out string text);
        text = OldPrefix().Replace(text, "");
        ReadOnlyMemory<byte> payload = RecordText.ToBytes(text);
        return Decompress(name, payload) is { } unpacked
            ? new RecordFile(
                path,
                name ?? new RecordName(RecordType.Dmesg, UnknownBackend, (ulong)index),
                payload,
                unpacked,
                ecc
            )
            : null;
    }

    // Up to 3.14 the file of ramoops began with the line that it has in the zone; the time's fraction was not padded.
    [GeneratedRegex(@"\A====[0-9]{1,19}\.[0-9]{1,9}(?:-[CD])?\n")]
    private static partial Regex OldPrefix();

    private static DecompressedPayload? Decompress(RecordName? name, ReadOnlyMemory<byte> payload)
    {
        if (name is { Compressed: true })
            return RecordCompression.Decompress(payload);
        var plain = DecompressedPayload.Plain(payload);
        if (name is { Type: not RecordType.Dmesg } || IsDump(plain))
            return plain;
        // Somebody may have named it anew.
        var decompressed = RecordCompression.Decompress(payload);
        return IsDump(decompressed) ? decompressed
            : name is null ? null
            : plain;
    }

    private static bool IsDump(DecompressedPayload unpacked) =>
        DumpHeader.TryParse(RecordText.FromBytes(unpacked.Bytes.Span), out _, out _);
}
