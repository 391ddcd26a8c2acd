using System.IO.Compression;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Cli.Stores.Containers;

/// <summary>A zip, such as kdumpst makes.</summary>
internal sealed class ZipFile : Container
{
    protected override bool Begins(ReadOnlySpan<byte> head) => head.StartsWith("PK\x03\x04"u8);

    public override void Read(StoreFile file, IMembers members)
    {
        // Its index is at its end.
        if (!file.Content.CanSeek)
            throw new UsageException($"{file.Name} is a zip that cannot be read twice; make a plain file of it first");
        using var archive = new ZipArchive(file.Content, ZipArchiveMode.Read, leaveOpen: true);
        // The name of a folder ends with a slash.
        foreach (var entry in archive.Entries)
            members.File(entry.FullName, entry.FullName.EndsWith('/') ? null : entry.Open);
    }
}
