using System.Buffers.Binary;
using System.Text.RegularExpressions;

namespace PstoreLab.Records.Efi;

/// <summary>
/// A record as an EFI variable outside of a store: a file of efivarfs, or an entry of a list of variables. pstore
/// itself does not show it where efi_pstore is disabled.
/// </summary>
/// <param name="Name">The name that pstore gives the record; with <c>.enc.z</c> where the variable's name marks it as
/// compressed.</param>
/// <param name="Payload">The record's bytes, perhaps compressed.</param>
public sealed partial record EfiDumpVariable(RecordName Name, ReadOnlyMemory<byte> Payload)
{
    private const int AttributesLength = sizeof(uint);

    /// <summary>All attributes that UEFI 2.10 knows, EFI_VARIABLE_NON_VOLATILE to
    /// EFI_VARIABLE_ENHANCED_AUTHENTICATED_ACCESS.</summary>
    private const uint KnownAttributes = 0xff;

    /// <summary>Makes the record of a variable.</summary>
    /// <param name="name">Name of the variable, such as <c>dump-type0-1-1-1700000000-C</c>.</param>
    /// <param name="vendor">Its vendor.</param>
    /// <param name="data">Its data.</param>
    /// <returns>Null where it is no record.</returns>
    public static EfiDumpVariable? Of(string name, Guid vendor, ReadOnlyMemory<byte> data) =>
        vendor == EfiGuids.Dump && DumpVariableName.TryParse(name, out var parsed)
            ? new EfiDumpVariable(
                new RecordName(parsed.Type, EfiListing.LatestBackend, parsed.Id, parsed.Compressed),
                data
            )
            : null;

    /// <summary>
    /// Makes the record of a file of efivarfs, or of a copy. Before the payload it has the attributes in 4 bytes
    /// (<c>efivarfs_file_read</c> in fs/efivarfs/file.c, 3.8 to 7.2); a file without them, as chipsec writes it, is
    /// read, too.
    /// </summary>
    /// <param name="fileName">Name of the file, such as
    /// <c>dump-type0-1-1-1700000000-C-cfc8fc79-be2e-4ddc-97f0-9f98bfe298a0</c>.</param>
    /// <param name="content">All bytes of the file.</param>
    /// <returns>Null where it is no record.</returns>
    public static EfiDumpVariable? OfFile(string fileName, ReadOnlyMemory<byte> content)
    {
        var match = FileName().Match(fileName);
        return match.Success
            ? Of(
                match.Groups["name"].Value,
                Guid.Parse(match.Groups["guid"].ValueSpan),
                content[(HasAttributes(content.Span) ? AttributesLength : 0)..]
            )
            : null;
    }

    /// <summary>No text and no compressed stream begins with three zeros behind a byte.</summary>
    private static bool HasAttributes(ReadOnlySpan<byte> content) =>
        content.Length >= AttributesLength
        && BinaryPrimitives.ReadUInt32LittleEndian(content) is > 0 and <= KnownAttributes;

    // chipsec has the attributes and a number behind the GUID.
    [GeneratedRegex(
        @"\A(?<name>dump-type.*?)[-_](?<guid>[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?:_[^/]*\.bin)?\z"
    )]
    private static partial Regex FileName();
}
