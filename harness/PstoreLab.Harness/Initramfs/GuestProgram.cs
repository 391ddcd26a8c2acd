using System.Security.Cryptography;
using System.Text;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Initramfs;

/// <summary>
/// A program of the initramfs guest. It is compiled when it is first needed, and kept under the digest of what it is
/// made from.
/// </summary>
/// <param name="source">Its C source, which needs neither headers nor libraries; the program has its name.</param>
/// <param name="purpose">What it does, behind "to compile what".</param>
/// <param name="cache">The folder to keep it in.</param>
internal sealed class GuestProgram(IProcessRunner runner, string source, string purpose, string cache)
{
    /// <summary>What compiles it for guests of this machine's own architecture, and the Debian package of it.</summary>
    public static readonly (string Program, string Package) HostCompiler = ("gcc", "gcc");

    /// <summary>
    /// The compiler's options. Without the ones beginning with -fno, distributions' compilers call functions of a C
    /// library, or add what nobody reads.
    /// </summary>
    internal static readonly IReadOnlyList<string> Options =
    [
        "-Wall",
        "-Wextra",
        "-Os",
        "-static",
        "-nostdlib",
        "-ffreestanding",
        "-fno-stack-protector",
        "-fno-tree-loop-distribute-patterns",
        "-fno-asynchronous-unwind-tables",
        "-Wl,--build-id=none",
        "-s",
    ];

    /// <returns>Its path.</returns>
    /// <exception cref="UnsupportedException">It is not there yet, and this machine has no compiler.</exception>
    /// <exception cref="InfraException">It cannot be compiled.</exception>
    public async Task<string> BuildAsync((string Program, string Package) compiler, CancellationToken cancellationToken)
    {
        try
        {
            string[] inputs = [compiler.Program, .. Options, await File.ReadAllTextAsync(source, cancellationToken)];
            var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', inputs))));
            var target = Path.Combine(cache, $"{digest}.{Path.GetFileNameWithoutExtension(source)}");
            if (File.Exists(target))
                File.SetLastWriteTimeUtc(target, DateTime.UtcNow); // For Prune: it is in use.
            else
                await CompileAsync(compiler, target, cancellationToken);
            return target;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InfraException($"{source} cannot be compiled into {cache}: {e.Message}", e);
        }
    }

    private async Task CompileAsync(
        (string Program, string Package) compiler,
        string target,
        CancellationToken cancellationToken
    )
    {
        var gcc = HostProgram.Require(compiler.Program, compiler.Package, $"to compile what {purpose}");
        using var temporary = new Temporary(cache);
        var program = Path.Combine(temporary.Folder, "program");
        (
            await runner.RunAsync(
                new ProcessSpec(gcc, [.. Options, "-o", program, source])
                {
                    Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C" },
                },
                cancellationToken
            )
        ).EnsureSuccess();
        Temporary.FlushToDisk(program);
        File.Move(program, target, overwrite: true);
    }
}
