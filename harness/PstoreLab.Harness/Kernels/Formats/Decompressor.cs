using PstoreLab.Harness.Host;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Kernels.Formats;

/// <summary>Undoes compressions with the programs made for them.</summary>
public sealed class Decompressor(IProcessRunner runner)
{
    /// <summary>Decompresses everything there is in one stream into another.</summary>
    /// <exception cref="Faults.UnsupportedException">The program is not on this machine.</exception>
    /// <exception cref="Faults.InfraException">The data is damaged.</exception>
    public async Task RunAsync(
        CompressedFormat format,
        Stream source,
        Stream target,
        CancellationToken cancellationToken
    )
    {
        HostProgram.Require(format.Program, format.DebianPackage, "to unpack kernels");
        await using var diagnostics = new MemoryStream();
        var spec = new ProcessSpec(format.Program, format.Arguments)
        {
            StandardInput = source,
            StandardOutput = target,
            StandardError = diagnostics,
        };
        await using var process = runner.Start(spec);
        ProcessExit exit;
        await using (cancellationToken.Register(process.Kill))
            exit = await process.Exit;
        cancellationToken.ThrowIfCancellationRequested();
        var text = System.Text.Encoding.UTF8.GetString(diagnostics.ToArray());
        _ = new CapturedOutput(spec, exit, "", text).EnsureSuccess();
    }

    /// <summary>
    /// Puts a file's uncompressed content beside or in place of it; a file that is not compressed is only moved.
    /// </summary>
    public async Task UnpackFileAsync(string source, string target, CancellationToken cancellationToken)
    {
        CompressedFormat? format;
        await using (var packed = File.OpenRead(source))
        {
            var head = new byte[8];
            var length = await packed.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
            format = CompressedFormat.Of(head.AsSpan(0, length));
            if (format is not null)
            {
                packed.Position = 0;
                await using var unpacked = File.Create(target);
                await RunAsync(format, packed, unpacked, cancellationToken);
            }
        }
        if (format is null)
            File.Move(source, target);
        else
            File.Delete(source);
    }
}
