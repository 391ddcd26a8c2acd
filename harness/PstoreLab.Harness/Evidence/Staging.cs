using System.Runtime.InteropServices;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Evidence;

/// <summary>
/// Makes a case folder ready for its plan. Everything the machine needs lies in it, so that the folder is complete in
/// itself.
/// </summary>
public static partial class Staging
{
    /// <summary>
    /// Links the plan's files into the folder, makes the empty stores and keeps a copy of each, and writes the plan.
    /// </summary>
    public static async Task PrepareAsync(Plan plan, CaseFolder folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder.Root);
        foreach (var file in plan.Files)
            Link(file.Source, Path.Combine(folder.Root, file.Name));
        await MakeAsync(plan.Store, folder.Store, folder.StoreBefore, cancellation);
        foreach (var other in plan.Others)
            await MakeAsync(other.Store, folder.Other(other), folder.OtherBefore(other), cancellation);
        await EvidenceJson.WriteAsync(folder.Plan, plan, cancellation);
    }

    private static async Task MakeAsync(
        StoreTemplate template,
        string path,
        string before,
        CancellationToken cancellation
    )
    {
        await using (var store = File.Create(path))
        {
            if (template.CopyOf is not null)
            {
                await using var source = File.OpenRead(template.CopyOf);
                await source.CopyToAsync(store, cancellation);
            }

            store.SetLength(template.Size);
            // Zeros need not be written.
            if (template is { CopyOf: null, Blank: not 0 and var blank })
                await store.WriteAsync(Enumerable.Repeat(blank, checked((int)template.Size)).ToArray(), cancellation);
            if (template.Given is not null)
            {
                store.Position = 0;
                await using var given = File.OpenRead(template.Given);
                await given.CopyToAsync(store, cancellation);
                if (store.Length != template.Size)
                    throw new UsageException($"{template.Given} has more than the {template.Size} bytes of the store");
            }
        }

        await SparseCopy.CopyAsync(path, before, cancellation);
    }

    /// <summary>
    /// A hard link, which costs nothing and outlives the cache; across file systems, or where the kernel forbids it, a
    /// copy, which does the same.
    /// </summary>
    internal static void Link(string source, string destination)
    {
        if (CreateHardLink(source, destination) != 0)
            File.Copy(source, destination, overwrite: true);
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateHardLink(string source, string destination);
}
