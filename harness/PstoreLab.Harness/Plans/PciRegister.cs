namespace PstoreLab.Harness.Plans;

/// <summary>What a register in the configuration space of a PCI device is to hold.</summary>
/// <param name="Device">Its address: domain, bus, slot and function, as in <c>/sys/bus/pci/devices</c>.</param>
/// <param name="Offset">Of the register's first byte.</param>
/// <param name="Value">Its bytes, lowest first.</param>
public sealed record PciRegister(string Device, int Offset, IReadOnlyList<byte> Value)
{
    /// <summary>Three words of a request: the bytes are octal escapes of printf(1).</summary>
    public override string ToString() =>
        $"{Device} {Offset} " + string.Concat(Value.Select(part => "\\" + Convert.ToString(part, 8).PadLeft(3, '0')));
}
