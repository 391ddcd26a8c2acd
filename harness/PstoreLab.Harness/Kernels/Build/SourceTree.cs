using System.Text;
using System.Text.RegularExpressions;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Kernels.Build;

/// <summary>The source of a kernel as a Debian <c>linux-source-*</c> package has it: a tar file in a package.</summary>
internal sealed partial class SourceTree(IProcessRunner runner)
{
    /// <summary>Puts the tree where it is wanted, whole or not at all.</summary>
    /// <param name="tree">Must not be there yet.</param>
    public async Task UnpackAsync(string deb, string tree, CancellationToken cancellationToken)
    {
        HostProgram.Require("tar", "tar", "to unpack the kernel's source");
        HostProgram.Require("xz", "xz-utils", "to unpack the kernel's source");
        using var temporary = new Temporary(Path.GetDirectoryName(tree)!);
        var found = 0;
        await DebFile.VisitAsync(
            runner,
            deb,
            async (path, content) =>
            {
                if (!ArchivePath().IsMatch(path))
                    return;
                found++;
                await ExtractAsync(content, temporary.Folder, cancellationToken);
            },
            cancellationToken
        );
        if (found == 0 || !File.Exists(Path.Combine(temporary.Folder, "Makefile")))
            throw new InfraException(
                $"There is no source of a kernel in {Path.GetFileName(deb)}: Debian must have changed where it puts it."
            );
        Directory.Move(temporary.Folder, tree);
    }

    private async Task ExtractAsync(Stream content, string folder, CancellationToken cancellationToken)
    {
        await using var diagnostics = new MemoryStream();
        var spec = new ProcessSpec(
            "tar",
            "--extract",
            "--xz",
            "--strip-components=1",
            "--no-same-owner",
            "--directory",
            folder
        )
        {
            StandardInput = content,
            StandardError = diagnostics,
        };
        await using var process = runner.Start(spec);
        ProcessExit exit;
        await using (cancellationToken.Register(process.Kill))
            exit = await process.Exit;
        cancellationToken.ThrowIfCancellationRequested();
        _ = new CapturedOutput(spec, exit, "", Encoding.UTF8.GetString(diagnostics.ToArray())).EnsureSuccess();
    }

    [GeneratedRegex(@"\Ausr/src/linux-source-[^/]+\.tar\.xz\z")]
    private static partial Regex ArchivePath();
}
