using System.Text.Json.Nodes;
using PstoreLab.Harness.Guests;

namespace PstoreLab.Harness.Tests.Guests;

/// <summary>What QEMU says of the PCI bus, and what is written back of it.</summary>
public class PciDeviceTests
{
    // As QEMU 7.2 answers query-pci of a pc with acpi-erst, cut to what is read.
    private const string Answer = """
        [{"bus": 0, "devices": [
          {"bus": 0, "slot": 1, "function": 1, "regions": [{"bar": 4, "size": 16, "address": 49152, "type": "io"}]},
          {"bus": 0, "slot": 2, "function": 0, "regions": [
            {"prefetch": false, "mem_type_64": false, "bar": 0, "size": 4096, "address": 4273995776, "type": "memory"},
            {"prefetch": false, "mem_type_64": false, "bar": 1, "size": 8192, "address": 4273987584, "type": "memory"}
          ]}
        ]}]
        """;

    [Test]
    public void A_device_that_has_forgotten_its_place_is_told_it()
    {
        var devices = PciDevice.ParseAll(JsonNode.Parse(Answer));
        Assert.That(devices.Select(device => device.Address), Is.EqualTo(["0000:00:01.1", "0000:00:02.0"]));
        var forgotten = PciDevice.ParseAll(JsonNode.Parse(Answer.Replace("4273995776", "-1")));
        Assert.That(devices[0].IsAs(forgotten[0]));
        Assert.That(devices[1].IsAs(forgotten[1]), Is.False);
        Assert.That(devices[1].IsAs(null), Is.False);
        Assert.That(
            devices[1].Registers.Select(register => register.ToString()),
            Is.EqualTo([
                @"0000:00:02.0 16 \000\000\300\376",
                @"0000:00:02.0 20 \000\340\277\376",
                @"0000:00:02.0 4 \002\000",
            ])
        );
        Assert.That(devices[0].Registers.Last().Value, Is.EqualTo(new byte[] { 1, 0 }));
    }

    [Test]
    public void An_answer_of_another_shape_has_no_device()
    {
        Assert.That(PciDevice.ParseAll(null), Is.Empty);
        Assert.That(PciDevice.ParseAll(JsonNode.Parse("""[{"bus": 0}]""")), Is.Empty);
    }
}
