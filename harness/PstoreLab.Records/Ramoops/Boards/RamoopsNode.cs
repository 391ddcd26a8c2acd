using System.Globalization;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ramoops.Boards;

/// <summary>
/// The ramoops node of a board's device tree as parameters (<c>ramoops_parse_dt</c> in fs/pstore/ram.c, 5.10 to 7.2;
/// Documentation/devicetree/bindings/reserved-memory/ramoops.yaml). A size that is not there is 0, unlike a module
/// parameter that is not given.
/// </summary>
public static class RamoopsNode
{
    private const string Compatible = "ramoops";
    private const uint FtracePerCpu = 1;

    /// <summary>Finds the node of the area and reads it.</summary>
    /// <param name="root">The root of the tree.</param>
    /// <param name="cpus">Possible CPUs of the board, for its ftrace zones; null where not known.</param>
    /// <returns>Parameters of ramoops; with a node that gives the area no address, none for it.</returns>
    /// <exception cref="RecordFormatException">There is no such node, more than one, or one that a kernel
    /// refuses.</exception>
    public static StoreOptions Read(DeviceTreeNode root, int? cpus = null)
    {
        var found = Find(root).ToList();
        if (found.Count != 1)
            throw new RecordFormatException(
                found.Count == 0
                    ? "no node of this device tree is compatible with \"ramoops\""
                    : $"{found.Count} nodes of this device tree are compatible with \"ramoops\": "
                        + string.Join(", ", found.Select(one => one.Node.Name))
            );
        var (node, parent) = found[0];
        uint record = node.Cell("record-size") ?? 0;
        uint console = node.Cell("console-size") ?? 0;
        uint ftrace = node.Cell("ftrace-size") ?? 0;
        uint pmsg = node.Cell("pmsg-size") ?? 0;
        uint parity = node.Cell("ecc-size") ?? 0;
        // Old Chromebooks have the node right under the root, and rely on these two.
        if (parent.Name != "reserved-memory" && console == 0 && ftrace == 0 && pmsg == 0 && parity == 0)
            console = pmsg = record;
        // ecc=1 of the module means 16 bytes; ecc-size of the node is the number of bytes itself.
        if (parity == 1)
            throw new RecordFormatException(
                $"ecc-size of {node.Name} is 1: one byte of parity corrects nothing, and is not read here; for 16 "
                    + "bytes a device tree says 16"
            );
        var parameters = new Dictionary<string, string>
        {
            ["ramoops.record_size"] = Hex(record),
            ["ramoops.console_size"] = Hex(console),
            ["ramoops.ftrace_size"] = Hex(ftrace),
            ["ramoops.pmsg_size"] = Hex(pmsg),
            ["ramoops.ecc"] = Hex(parity),
        };
        if (Area(root, node, parent) is { } area)
        {
            parameters["ramoops.mem_address"] = Hex(area.Address);
            parameters["ramoops.mem_size"] = Hex(area.Size);
        }
        bool perCpu = ((node.Cell("flags") ?? 0) & FtracePerCpu) != 0;
        return new StoreOptions { Parameters = parameters, Cpus = perCpu ? cpus : 1 };
    }

    private static IEnumerable<(DeviceTreeNode Node, DeviceTreeNode Parent)> Find(DeviceTreeNode parent)
    {
        foreach (var child in parent.Children)
        {
            if (child.Has("compatible", Compatible))
                yield return (child, parent);
            foreach (var found in Find(child))
                yield return found;
        }
    }

    // By its own reg, or by that of the node that its memory-region names.
    private static (ulong Address, ulong Size)? Area(DeviceTreeNode root, DeviceTreeNode node, DeviceTreeNode parent)
    {
        if (node.Properties.ContainsKey("reg"))
            return Reg(node, parent);
        if (node.Cell("memory-region") is not { } handle)
            return null;
        foreach (var (candidate, above) in All(root))
        {
            if ((candidate.Cell("phandle") ?? candidate.Cell("linux,phandle")) == handle)
                return Reg(candidate, above);
        }
        throw new RecordFormatException($"memory-region of {node.Name} names a node that is not there");
    }

    private static IEnumerable<(DeviceTreeNode Node, DeviceTreeNode Parent)> All(DeviceTreeNode parent)
    {
        foreach (var child in parent.Children)
        {
            yield return (child, parent);
            foreach (var below in All(child))
                yield return below;
        }
    }

    private static (ulong Address, ulong Size) Reg(DeviceTreeNode node, DeviceTreeNode parent)
    {
        // Two and one are what a tree means that does not say it (Devicetree Specification 0.4, 2.3.5).
        int address = (int)Math.Min(parent.Cell("#address-cells") ?? 2, 3);
        int size = (int)Math.Min(parent.Cell("#size-cells") ?? 1, 3);
        var reg = node.Properties.GetValueOrDefault("reg");
        if (address is 0 or 3 || size is 0 or 3 || reg.Length < 4 * (address + size))
            throw new RecordFormatException(
                $"reg of the node {node.Name} has {reg.Length} bytes; expected an address and a size of one or two "
                    + "cells each"
            );
        return (Number(reg.Span, 0, address), Number(reg.Span, address, size));
    }

    private static ulong Number(ReadOnlySpan<byte> cells, int first, int count)
    {
        ulong number = 0;
        foreach (byte value in cells.Slice(4 * first, 4 * count))
            number = (number << 8) | value;
        return number;
    }

    private static string Hex(ulong number) => "0x" + number.ToString("x", CultureInfo.InvariantCulture);
}
