using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Processes;
using PstoreLab.Records;
using PstoreLab.Records.Ramoops.Boards;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Stores;

/// <summary>
/// Where a board says how its ramoops area is divided: a device tree (<c>.dtb</c>, <c>.dts</c>, or the folder
/// <c>/proc/device-tree</c>), or a kernel's command line.
/// </summary>
internal static class BoardSource
{
    // The largest of any board has 300 KB.
    private const int Largest = 16 << 20;

    /// <summary>Reads a device tree.</summary>
    /// <param name="path">A blob, a source, or a folder.</param>
    /// <param name="cpus">Possible CPUs, where they are known.</param>
    /// <exception cref="UsageException">It is none of these, or has no ramoops node that a kernel takes.</exception>
    public static async Task<StoreOptions> TreeAsync(string path, int? cpus, CancellationToken cancellation)
    {
        try
        {
            if (Directory.Exists(path))
                return RamoopsNode.Read(DeviceTreeFolder.Read(path), cpus);
            if (!File.Exists(path))
                throw new UsageException(
                    $"{path}: there is no such file; expected a .dtb, a .dts or /proc/device-tree"
                );
            if (new FileInfo(path).Length > Largest)
                throw new UsageException($"{path} has {new FileInfo(path).Length} bytes; no device tree is as large");
            byte[] content = await File.ReadAllBytesAsync(path, cancellation);
            byte[] blob = DeviceTreeBlob.IsAt(content) ? content : await CompiledAsync(path, cancellation);
            return RamoopsNode.Read(DeviceTreeBlob.Read(blob), cpus);
        }
        catch (RecordFormatException fault)
        {
            throw new UsageException($"{path}: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Reads a kernel's command line.</summary>
    /// <exception cref="UsageException">It has no parameter of ramoops.</exception>
    public static StoreOptions CommandLine(string line)
    {
        try
        {
            return RamoopsCommandLine.Read(line);
        }
        catch (RecordFormatException fault)
        {
            throw new UsageException($"'{line}': {fault.Message}", fault);
        }
    }

    private static async Task<byte[]> CompiledAsync(string path, CancellationToken cancellation)
    {
        using var blob = new MemoryStream();
        CapturedOutput run;
        try
        {
            // Warnings are the board's business.
            run = await new ProcessRunner().RunAsync(
                new ProcessSpec("dtc", ["-q", "-q", "-I", "dts", "-O", "dtb", path]) { StandardOutput = blob },
                cancellation
            );
        }
        catch (InfraException fault)
        {
            throw new UsageException(
                $"{path} is no device tree blob, and for a source the program dtc is needed "
                    + $"(apt install device-tree-compiler): {fault.Message}",
                fault
            );
        }
        return run.Exit.Code == 0
            ? blob.ToArray()
            : throw new UsageException($"{path} is no device tree: {run.StandardError.Trim().Split('\n')[0]}");
    }
}
