using System.Buffers.Binary;

namespace PstoreLab.Records.Ramoops.Boards;

/// <summary>One node of a device tree, with its properties and the nodes below it.</summary>
/// <param name="Name">With the unit address, such as <c>ramoops@60000000</c>; empty for the root.</param>
/// <param name="Properties">Values as they are: numbers are big-endian cells of 32 bits, strings end with a
/// NUL.</param>
/// <param name="Children">In the order of the tree.</param>
public sealed record DeviceTreeNode(
    string Name,
    IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Properties,
    IReadOnlyList<DeviceTreeNode> Children
)
{
    /// <summary>The name without the unit address.</summary>
    public string BaseName => Name.Split('@')[0];

    /// <summary>Reads a property of one cell.</summary>
    /// <param name="property">Its name.</param>
    /// <returns>Null where there is none of that name.</returns>
    /// <exception cref="RecordFormatException">It is no single cell.</exception>
    public uint? Cell(string property) =>
        !Properties.TryGetValue(property, out var value) ? null
        : value.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(value.Span)
        : throw new RecordFormatException(
            $"{property} of the node {Name} has {value.Length} bytes; expected one cell of 4"
        );

    /// <summary>Whether a property of strings has this one among them.</summary>
    /// <param name="property">Its name.</param>
    /// <param name="text">The string.</param>
    public bool Has(string property, string text) =>
        Properties.TryGetValue(property, out var value)
        && RecordText.FromBytes(value.Span).Split('\0').Contains(text, StringComparer.Ordinal);
}
