using PstoreLab.Records.Ramoops.Boards;

namespace PstoreLab.Cli.Stores;

/// <summary>
/// A device tree as a kernel shows it in <c>/proc/device-tree</c>, or a copy of that: a folder a node, a file a
/// property.
/// </summary>
internal static class DeviceTreeFolder
{
    private const int MaxDepth = 64;
    private const int LargestProperty = 1 << 20;

    /// <exception cref="IOException">Something in it cannot be read.</exception>
    public static DeviceTreeNode Read(string folder) => Node(new DirectoryInfo(folder), "", 0);

    private static DeviceTreeNode Node(DirectoryInfo folder, string name, int depth)
    {
        if (depth > MaxDepth)
            throw new IOException($"its folders are more than {MaxDepth} deep");
        var properties = new Dictionary<string, ReadOnlyMemory<byte>>();
        var children = new List<DeviceTreeNode>();
        foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            // The root itself is a link; nothing in it is one.
            if (entry.LinkTarget is not null)
                continue;
            if (entry is DirectoryInfo below)
                children.Add(Node(below, below.Name, depth + 1));
            else if (entry is FileInfo { Length: <= LargestProperty })
                properties[entry.Name] = File.ReadAllBytes(entry.FullName);
        }
        return new DeviceTreeNode(name, properties, children);
    }
}
