using System.Formats.Tar;
using System.IO.Pipelines;
using System.Text;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Packages;

/// <summary>
/// A Debian package file, read as a stream: of a kernel's several hundred megabytes only a few files are wanted.
/// </summary>
public static class DebFile
{
    private static readonly PipeOptions Window = new(pauseWriterThreshold: 8 << 20, resumeWriterThreshold: 4 << 20);

    /// <summary>Shows every regular file of a package to a visitor, in the package's order.</summary>
    /// <param name="visit">Gets the path inside the package, such as <c>boot/vmlinuz-6.1.0-50-686</c>, and may read
    /// the content or not.</param>
    /// <exception cref="Faults.InfraException">The package is damaged.</exception>
    public static async Task VisitAsync(
        IProcessRunner runner,
        string deb,
        Func<string, Stream, Task> visit,
        CancellationToken cancellationToken
    )
    {
        HostProgram.Require("dpkg-deb", "dpkg", "to unpack kernels");
        var pipe = new Pipe(Window);
        await using var diagnostics = new MemoryStream();
        var spec = new ProcessSpec("dpkg-deb", "--fsys-tarfile", deb)
        {
            StandardOutput = pipe.Writer.AsStream(),
            StandardError = diagnostics,
        };
        await using var process = runner.Start(spec);
        var ended = EndAsync(process, pipe.Writer);
        await using var stream = pipe.Reader.AsStream();
        try
        {
            await VisitAsync(stream, visit, cancellationToken);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            // The archive breaks off because dpkg-deb gave up; what dpkg-deb says about it is the better message.
            var exit = await ended;
            _ = new CapturedOutput(spec, exit, "", Encoding.UTF8.GetString(diagnostics.ToArray())).EnsureSuccess();
            throw new Faults.InfraException($"{deb}: damaged: {e.Message}", e);
        }
        _ = new CapturedOutput(spec, await ended, "", Encoding.UTF8.GetString(diagnostics.ToArray())).EnsureSuccess();
    }

    /// <summary>The version of a package.</summary>
    /// <exception cref="Faults.InfraException">It is none, or damaged.</exception>
    public static async Task<string> VersionAsync(
        IProcessRunner runner,
        string deb,
        CancellationToken cancellationToken
    )
    {
        HostProgram.Require("dpkg-deb", "dpkg", "to unpack kernels");
        return (await runner.RunAsync(new ProcessSpec("dpkg-deb", "--field", deb, "Version"), cancellationToken))
            .EnsureSuccess()
            .StandardOutput.Trim();
    }

    private static async Task VisitAsync(
        Stream stream,
        Func<string, Stream, Task> visit,
        CancellationToken cancellationToken
    )
    {
        await using var tar = new TarReader(stream, leaveOpen: true);
        while (await tar.GetNextEntryAsync(cancellationToken: cancellationToken) is { } entry)
        {
            if (entry is { EntryType: TarEntryType.RegularFile or TarEntryType.V7RegularFile, DataStream: { } content })
                await visit(entry.Name.TrimStart('.').TrimStart('/'), content);
        }
        // dpkg-deb pads the archive; it must be able to write all of that before it ends.
        await stream.CopyToAsync(Stream.Null, cancellationToken);
    }

    private static async Task<ProcessExit> EndAsync(IRunningProcess process, PipeWriter writer)
    {
        var exit = await process.Exit;
        await writer.CompleteAsync();
        return exit;
    }
}
