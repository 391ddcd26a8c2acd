using System.Runtime.InteropServices;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Evidence;

/// <summary>Makes a case folder ready for its plan. Everything the machine needs lies in it, so that the folder is complete in itself.</summary>
public static partial class Staging
{
    /// <summary>Links the plan's files into the folder, makes the empty store and keeps a copy of it, and writes the plan.</summary>
    public static async Task PrepareAsync(Plan plan, CaseFolder folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder.Root);
        foreach (var file in plan.Files)
            Link(file.Source, Path.Combine(folder.Root, file.Name));
        await using (var store = File.Create(folder.Store))
        {
            if (plan.Store.CopyOf is { } template)
            {
                await using var source = File.OpenRead(template);
                await source.CopyToAsync(store, cancellation);
            }

            store.SetLength(plan.Store.Size);
        }

        await SparseCopy.CopyAsync(folder.Store, folder.StoreBefore, cancellation);
        await EvidenceJson.WriteAsync(folder.Plan, plan, cancellation);
    }

    /// <summary>
    /// A hard link, which costs nothing and outlives the cache; across file systems, or where the kernel forbids it, a copy, which does the same.
    /// </summary>
    internal static void Link(string source, string destination)
    {
        if (CreateHardLink(source, destination) != 0)
            File.Copy(source, destination, overwrite: true);
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateHardLink(string source, string destination);
}
