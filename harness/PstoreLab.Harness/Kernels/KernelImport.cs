using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Kernels.Modules;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Kernels;

/// <summary>
/// Makes a user-supplied kernel ready for guests: <c>images/.cache/given/DIGEST/</c>, a digest of all it
/// was made from, so that one that was rebuilt in its place is another.
/// </summary>
/// <param name="modules">Names, with underscores, of the modules guests need; those a kernel does not have are left
/// out.</param>
public sealed partial class KernelImport(
    IProcessRunner runner,
    LabPaths paths,
    IReadOnlyList<string> modules,
    IArchitecture architecture
)
{
    /// <summary>What can be a kernel, for messages.</summary>
    public const string Expected = "a bzImage (vmlinuz), a linux-image .deb, or a kernel tree that was built";

    // Grows when the same files make another folder.
    private const string Format = "pstorelab given kernel 2";

    private readonly IReadOnlyList<string> _wanted = [.. modules.Union(OopsModule.Donors)];

    private string Root => Path.Combine(paths.Cache, "given");

    /// <exception cref="UsageException">It is not a kernel; says what was found.</exception>
    public async Task<Kernel> ImportAsync(UserKernel given, CancellationToken cancellationToken)
    {
        try
        {
            using var held = await FileLock.AcquireAsync(Path.Combine(Root, "lock"), cancellationToken);
            Temporary.Sweep(Root);
            var folder = IsPackage(given.Path)
                ? await FromPackageAsync(given, cancellationToken)
                : await FromFilesAsync(given, cancellationToken);
            var kernel =
                KernelFolder.Open("", folder, _wanted)
                ?? throw new InfraException($"{folder}: changed by somebody else while it was made; run again.");
            return kernel with
            {
                Name = given.Name ?? "linux-" + NotInName().Replace(kernel.Release, "_"),
                Build = Path.GetFileName(folder),
            };
        }
        catch (Exception e)
            when (e is LabException and not UnsupportedException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException(
                $"--kernel {given.Path}: {e.Message.Replace(given.Path + ": ", "").TrimEnd('.')}; expected {Expected}",
                e
            );
        }
    }

    /// <summary>Deletes all user-supplied kernels.</summary>
    public void Prune()
    {
        if (!Directory.Exists(Root))
            return;
        using var held = FileLock.TryAcquire(Path.Combine(Root, "lock"));
        foreach (var folder in held is null ? [] : Directory.GetDirectories(Root))
            Directory.Delete(folder, recursive: true);
    }

    private async Task<string> FromPackageAsync(UserKernel given, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(given.Path);
        var digest = await SHA256.HashDataAsync(content, cancellationToken);
        return await MakeAsync(
            digest,
            given.Modules,
            await DebFile.VersionAsync(runner, given.Path, cancellationToken),
            async (made, token) =>
            {
                await new KernelUnpacker(runner).UnpackAsync([given.Path], _wanted, made, token);
                if (!File.Exists(Path.Combine(made, KernelFolder.BzImage)))
                    throw new UsageException(
                        "there is no kernel in the package (of Debian's since 7.x, linux-binary-* has it, "
                            + "and linux-modules-* what --modules asks for)"
                    );
            },
            cancellationToken
        );
    }

    private async Task<string> FromFilesAsync(UserKernel given, CancellationToken cancellationToken)
    {
        var files = await KernelFiles.FindAsync(given.Path, architecture, cancellationToken);
        var digest = SHA256.HashData([
            .. SHA256.HashData(await File.ReadAllBytesAsync(files.Image, cancellationToken)),
            .. files.Config is null
                ? []
                : SHA256.HashData(await File.ReadAllBytesAsync(files.Config, cancellationToken)),
        ]);
        return await MakeAsync(
            digest,
            given.Modules ?? files.Modules,
            version: null,
            (made, _) =>
            {
                File.Copy(files.Image, Path.Combine(made, KernelFolder.BzImage));
                if (files.Config is not null)
                    File.Copy(files.Config, Path.Combine(made, KernelFolder.Config));
                return Task.CompletedTask;
            },
            cancellationToken
        );
    }

    /// <param name="version">The version of its package; null where it is in none.</param>
    /// <param name="take">Puts the image, and what else there is, into a folder.</param>
    private async Task<string> MakeAsync(
        byte[] content,
        string? moduleFolder,
        string? version,
        Func<string, CancellationToken, Task> take,
        CancellationToken cancellationToken
    )
    {
        var found = moduleFolder is null ? null : new ModuleFolder(moduleFolder);
        var inputs = string.Join('\n', [Format, Convert.ToHexString(content), .. _wanted, .. found?.Traces ?? []]);
        var target = Path.Combine(
            Root,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(inputs)).AsSpan(0, 8))
        );
        if (KernelFolder.Open("", target, _wanted) is not null)
            return target;
        using var temporary = new Temporary(Root);
        var made = Directory.CreateDirectory(Path.Combine(temporary.Folder, "made")).FullName;
        var modulesMade = Directory.CreateDirectory(Path.Combine(made, KernelFolder.Modules)).FullName;
        await take(made, cancellationToken);
        if (found is not null)
            await found.TakeAsync(runner, _wanted, modulesMade, cancellationToken);
        await new KernelFinish(runner).RunAsync(made, version, _wanted, cancellationToken);
        KernelFolder.Publish(made, target);
        return target;
    }

    private static bool IsPackage(string path) => path.EndsWith(".deb", StringComparison.Ordinal) && File.Exists(path);

    [GeneratedRegex("[^A-Za-z0-9._-]")]
    private static partial Regex NotInName();
}
