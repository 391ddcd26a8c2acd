using System.Text.Json;
using PstoreLab.Records.Efi;

namespace PstoreLab.Cli.Stores.Containers;

/// <summary>
/// EFI variables as JSON, as QEMU's <c>uefi-vars</c> device keeps them (hw/uefi/var-service-json.c, since 10.0) and
/// <c>virt-fw-vars</c> writes them.
/// </summary>
internal sealed class VariableList : Container
{
    // No firmware has as many variables.
    private const int Longest = 64 << 20;

    protected override bool Begins(ReadOnlySpan<byte> head) =>
        head.TrimStart(" \t\r\n"u8).StartsWith("{"u8)
        && head.IndexOf("\"variables\""u8) >= 0
        && head.IndexOf("\"guid\""u8) >= 0;

    public override void Read(StoreFile file, IMembers members)
    {
        byte[] text = file.ReadWhole(Longest);
        try
        {
            using var json = JsonDocument.Parse(text);
            foreach (var variable in json.RootElement.GetProperty("variables").EnumerateArray())
            {
                if (
                    variable.GetProperty("name").GetString() is { } name
                    && variable.GetProperty("guid").TryGetGuid(out var vendor)
                    && variable.GetProperty("data").GetString() is { } data
                    && EfiDumpVariable.Of(name, vendor, Convert.FromHexString(data)) is { } record
                )
                    members.Record(RecordFile.Of($"{file.Name}/{name}", record));
            }
        }
        catch (Exception fault)
            when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"it is no whole list of variables: {fault.Message}", fault);
        }
    }
}
