using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace PstoreLab.Records;

/// <summary>
/// A file name in /sys/fs/pstore: <c>TYPE-BACKEND-ID</c>, and <c>.enc.z</c> behind it where the kernel could not
/// decompress the record (<c>pstore_mkfile</c> in fs/pstore/inode.c: "%s-%s-%llu%s", the same from 5.10 to 7.2).
/// </summary>
/// <param name="Type">One of <see cref="RecordType"/>, or the type of a later kernel.</param>
/// <param name="Backend">Name of the backend: <c>ramoops</c>, <c>efi</c> (to 6.1), <c>efi_pstore</c> (since 6.2),
/// <c>erst</c>, <c>pstore_blk</c>, …</param>
/// <param name="Id">Number of the record. Each backend counts in its own way: ramoops and pstore_blk by zone, ERST and
/// EFI by time.</param>
/// <param name="Compressed">Whether the content is still compressed.</param>
public sealed record RecordName(string Type, string Backend, ulong Id, bool Compressed = false)
{
    private const string CompressedSuffix = ".enc.z";

    /// <summary>Parses a file name.</summary>
    /// <param name="text">The name without its folder.</param>
    /// <exception cref="RecordFormatException">pstore gives no such name.</exception>
    public static RecordName Parse(string text) =>
        TryParse(text, out var name)
            ? name
            : throw new RecordFormatException(
                $"'{RecordText.ForDisplay(text)}' is not a pstore file name; expected <type>-<backend>-<id>[.enc.z]."
            );

    /// <summary>Parses a file name.</summary>
    /// <param name="text">The name without its folder.</param>
    /// <param name="name">The name; null where pstore gives no such name.</param>
    /// <returns>Whether pstore gives such a name.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out RecordName? name)
    {
        name = null;
        if (text is null)
            return false;
        var compressed = text.EndsWith(CompressedSuffix, StringComparison.Ordinal);
        var stem = compressed ? text[..^CompressedSuffix.Length] : text;
        // Types and backends may contain dashes; the id cannot.
        var type =
            RecordType.Known.FirstOrDefault(known => stem.StartsWith(known + "-", StringComparison.Ordinal))
            ?? stem.Split('-')[0];
        var idDash = stem.LastIndexOf('-');
        if (type.Length == 0 || idDash <= type.Length + 1)
            return false;
        var backend = stem[(type.Length + 1)..idDash];
        if (!IsWord(type) || !IsWord(backend) || !TryParseId(stem.AsSpan(idDash + 1), out var id))
            return false;
        name = new RecordName(type, backend, id, compressed);
        return true;
    }

    /// <summary>The file name, as pstore spells it.</summary>
    public override string ToString() => $"{Type}-{Backend}-{Id}{(Compressed ? CompressedSuffix : "")}";

    private static bool IsWord(string text) =>
        text[0] != '-' && text[^1] != '-' && text.All(c => c is > ' ' and < (char)0x7f and not '/');

    // As %llu prints it: a name that is parsed and printed again stays the same.
    private static bool TryParseId(ReadOnlySpan<char> text, out ulong id) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id)
        && (text.Length == 1 || text[0] != '0');
}
