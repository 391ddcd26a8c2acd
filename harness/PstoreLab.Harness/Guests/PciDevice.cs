using System.Text.Json.Nodes;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Guests;

/// <summary>A device on the PCI bus, as QEMU has it.</summary>
/// <param name="Address">As in <c>/sys/bus/pci/devices</c>.</param>
/// <param name="Regions">Its base address registers (BARs).</param>
internal sealed record PciDevice(string Address, IReadOnlyList<PciRegion> Regions)
{
    private const int CommandRegister = 4;
    private const int FirstBar = 16;

    /// <summary>From the answer to <c>query-pci</c>; what lies behind a bridge is not looked at.</summary>
    public static IReadOnlyList<PciDevice> ParseAll(JsonNode? answer) =>
        [
            .. from bus in (answer as JsonArray ?? []).OfType<JsonObject>()
            from device in (bus["devices"] as JsonArray ?? []).OfType<JsonObject>()
            select new PciDevice(
                $"0000:{Number(device["bus"]):x2}:{Number(device["slot"]):x2}.{Number(device["function"])}",
                [
                    .. (device["regions"] as JsonArray ?? [])
                        .OfType<JsonObject>()
                        .Select(region => new PciRegion(
                            (int)Number(region["bar"]),
                            region["type"]?.GetValue<string>() == "memory",
                            Number(region["address"])
                        )),
                ]
            ),
        ];

    /// <summary>
    /// What must be written for it to be as it was: its BARs, then the command register, which switches them on (PCI
    /// Local Bus Specification 3.0, 6.1 and 6.2).
    /// </summary>
    public IEnumerable<PciRegister> Registers =>
        [
            .. Regions.Select(region => new PciRegister(
                Address,
                FirstBar + 4 * region.Bar,
                BitConverter.GetBytes((uint)region.Address)
            )),
            new PciRegister(
                Address,
                CommandRegister,
                [
                    (byte)(
                        (Regions.Any(region => !region.IsMemory) ? 1 : 0)
                        | (Regions.Any(region => region.IsMemory) ? 2 : 0)
                    ),
                    0,
                ]
            ),
        ];

    public bool IsAs(PciDevice? other) =>
        other is not null && Address == other.Address && Regions.SequenceEqual(other.Regions);

    private static long Number(JsonNode? node) => node?.GetValue<long>() ?? 0;
}

/// <summary>A region of memory or ports.</summary>
/// <param name="Bar">Number of its register, from 0.</param>
/// <param name="Address">-1 where it is not mapped.</param>
internal sealed record PciRegion(int Bar, bool IsMemory, long Address);
