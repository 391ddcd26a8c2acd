using System.Text;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Kernels.Modules;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Rootfs;

namespace PstoreLab.Harness.Initramfs;

/// <summary>
/// Makes the root file system of an initramfs guest: busybox with a link per applet, our scripts, and the kernel
/// modules a case needs. An uncompressed newc archive (Documentation/driver-api/early-userspace/buffer-format.rst)
/// under the digest of what went into it, so the same guest is made once. No root needed: it has no device nodes, the
/// init script mounts devtmpfs.
/// </summary>
public sealed class InitramfsBuilder(IProcessRunner runner, LabPaths paths, IMachine machine)
{
    private const UnixFileMode Executable =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    private const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private static readonly string[] Folders = ["bin", "dev", "etc", "lib/modules", "proc", "run", "sys", "tmp"];

    private string Cache => Path.Combine(paths.Cache, "initramfs");

    /// <summary>The archive for a kernel with these modules and what they depend on; made if it is not there.</summary>
    /// <param name="modules">Names with underscores, in the order to load them in.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="UnsupportedException">The kernel lacks a module, or this machine a static busybox or
    /// cpio.</exception>
    public Task<string> BuildAsync(Kernel kernel, IReadOnlyList<string> modules, CancellationToken cancellationToken) =>
        BuildAsync(kernel, () => InputsOf(kernel, modules), cancellationToken);

    /// <summary>
    /// The same with the means to load a capture kernel (crash kernel): the same kernel again, with the same initramfs
    /// but for these means.
    /// </summary>
    /// <returns>Its path.</returns>
    /// <exception cref="UnsupportedException">As of
    /// <see cref="BuildAsync(Kernel, IReadOnlyList{string}, CancellationToken)"/>, or this machine lacks a
    /// compiler.</exception>
    public async Task<string> BuildWithCaptureKernelAsync(
        Kernel kernel,
        IReadOnlyList<string> modules,
        CancellationToken cancellationToken
    )
    {
        string initramfs = await BuildAsync(kernel, modules, cancellationToken);
        string kexec = await ProgramAsync("kexec", "loads a capture kernel", cancellationToken);
        return await BuildAsync(
            kernel,
            () => InputsOf(kernel, modules) with { CaptureKernel = (kernel.BzImage, initramfs, kexec) },
            cancellationToken
        );
    }

    /// <summary>The program that reads stores again and again, for a guest that is asked to run it.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="UnsupportedException">This machine lacks a compiler.</exception>
    public Task<string> ReplayProgramAsync(CancellationToken cancellationToken) =>
        ProgramAsync("replay", "reads stores in a guest", cancellationToken);

    private Task<string> ProgramAsync(string name, string purpose, CancellationToken cancellationToken) =>
        new GuestProgram(runner, Path.Combine(paths.Images, name, $"{name}.c"), purpose, Cache).BuildAsync(
            GuestProgram.HostCompiler,
            cancellationToken
        );

    private InitramfsInputs InputsOf(Kernel kernel, IReadOnlyList<string> modules) =>
        new(
            Busybox.Locate(machine.Architecture),
            FindScripts("initramfs"),
            [.. ModuleOrder.Of(kernel, modules).Select(name => (name, kernel.Modules[name]))],
            OopsOf(kernel)
        )
        {
            AgentDevice = machine.AgentDevice,
        };

    /// <summary>
    /// The archive that boots a kernel under the disk of a systemd guest: it loads what leads to the disk, gives the
    /// guest all modules of that kernel that we have, as modprobe finds them, and goes over to systemd.
    /// </summary>
    /// <returns>Its path.</returns>
    /// <exception cref="UnsupportedException">This machine lacks a static busybox, cpio or depmod.</exception>
    public Task<string> BuildForSystemdAsync(Kernel kernel, CancellationToken cancellationToken) =>
        BuildAsync(
            kernel,
            () =>
                new InitramfsInputs(
                    Busybox.Locate(machine.Architecture),
                    FindScripts("rootfs/initramfs"),
                    [
                        .. kernel
                            .Modules.OrderBy(module => module.Key, StringComparer.Ordinal)
                            .Select(module => (module.Key, module.Value)),
                    ],
                    OopsOf(kernel)
                )
                {
                    Release = kernel.Release,
                    Loaded = ModuleOrder.Of(kernel, [.. SystemdModules.Early.Where(kernel.Modules.ContainsKey)]),
                },
            cancellationToken
        );

    private byte[]? OopsOf(Kernel kernel) =>
        OopsModule.DonorOf(kernel) is { } donor
            ? OopsModule.From(File.ReadAllBytes(kernel.Modules[donor]), donor, machine.Architecture)
            : null;

    private async Task<string> BuildAsync(
        Kernel kernel,
        Func<InitramfsInputs> find,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var inputs = find();
            var target = Path.Combine(Cache, inputs.Digest() + ".cpio");
            if (File.Exists(target))
                File.SetLastWriteTimeUtc(target, DateTime.UtcNow); // For Prune: it is in use.
            else
                await BuildAsync(inputs, target, cancellationToken);
            return target;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InfraException($"The initramfs for {kernel.Name} cannot be made in {Cache}: {e.Message}", e);
        }
    }

    /// <summary>
    /// Deletes the archives and programs that nobody asked for during a while, and what interrupted builds left. Each
    /// is made anew in a moment.
    /// </summary>
    /// <param name="unused">How long ago one was last asked for, at least.</param>
    public void Prune(TimeSpan unused)
    {
        if (!Directory.Exists(Cache))
            return;
        var before = DateTime.UtcNow - unused;
        foreach (
            var file in Directory.EnumerateFiles(Cache).Where(path => File.GetLastWriteTimeUtc(path) <= before).ToList()
        )
            File.Delete(file);
        foreach (var left in Temporary.In(Cache).Where(path => Directory.GetLastWriteTimeUtc(path) <= before).ToList())
            Directory.Delete(left, recursive: true);
    }

    private async Task BuildAsync(InitramfsInputs inputs, string target, CancellationToken cancellationToken)
    {
        HostProgram.Require("cpio", "cpio", "to make the guests' initramfs");
        // Two builders at once each make the same archive, and the second rename changes nothing: no lock is needed.
        using var temporary = new Temporary(Cache);
        var root = Directory.CreateDirectory(Path.Combine(temporary.Folder, "root")).FullName;
        await FillAsync(inputs, root, cancellationToken);
        var archive = Path.Combine(temporary.Folder, "archive");
        await PackAsync(root, archive, cancellationToken);
        Temporary.FlushToDisk(archive);
        // Each case has a link to it.
        File.SetUnixFileMode(archive, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.Move(archive, target, overwrite: true);
    }

    /// <param name="own">The folder of images/ with the scripts of one kind of guest; what is alike in all of them is
    /// added.</param>
    private IReadOnlyList<(string Name, string Path)> FindScripts(string own)
    {
        (string Folder, string Has)[] folders =
        [
            (Path.Combine(paths.Images, own), "init"),
            (Path.Combine(paths.Images, "verbs"), "verbs"),
        ];
        foreach (var (folder, has) in folders.Where(folder => !File.Exists(Path.Combine(folder.Folder, folder.Has))))
            throw new InfraException($"{folder} has no '{has}': the checkout is not whole.");
        return
        [
            .. folders
                .Select(folder => folder.Folder)
                .SelectMany(folder =>
                    Directory
                        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                        .Select(path => (Path.GetRelativePath(folder, path), path))
                )
                .OrderBy(script => script.Item1, StringComparer.Ordinal),
        ];
    }

    private async Task FillAsync(InitramfsInputs inputs, string root, CancellationToken cancellationToken)
    {
        foreach (var folder in Folders)
            Directory.CreateDirectory(Path.Combine(root, folder));
        Copy(inputs.Busybox, Path.Combine(root, "bin/busybox"), Executable);
        // Links in the archive cost the guest nothing; `busybox --install` at every boot would.
        var applets = await runner.RunAsync(new ProcessSpec(inputs.Busybox, "--list"), cancellationToken);
        foreach (
            var applet in applets
                .EnsureSuccess()
                .StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(name => name != "busybox")
        )
            File.CreateSymbolicLink(Path.Combine(root, "bin", applet), "busybox");
        foreach (var (name, path) in inputs.Scripts)
            Copy(path, Path.Combine(root, name), Executable);
        foreach (var (name, path) in inputs.Modules)
            Copy(path, Path.Combine(root, inputs.ModuleFolder, name + ".ko"), Readable);
        if (inputs.Release is not null)
            await IndexAsync(root, inputs.Release, cancellationToken);
        if (inputs.AgentDevice is not null)
        {
            var port = Path.Combine(root, "etc/agent-port");
            await File.WriteAllTextAsync(port, inputs.AgentDevice + "\n", cancellationToken);
            File.SetUnixFileMode(port, Readable);
        }
        if (inputs.Oops is not null)
            await File.WriteAllBytesAsync(Path.Combine(root, "lib/oops.ko"), inputs.Oops, cancellationToken);
        if (inputs.CaptureKernel is { } crash)
        {
            Copy(crash.Kernel, Path.Combine(root, "crash/vmlinuz"), Readable);
            Copy(crash.Initramfs, Path.Combine(root, "crash/initramfs"), Readable);
            Copy(crash.Kexec, Path.Combine(root, "bin/kexec"), Executable);
        }

        var order = Path.Combine(root, "lib/modules/order");
        await File.WriteAllTextAsync(
            order,
            string.Concat(inputs.Loaded.Select(name => name + "\n")),
            cancellationToken
        );
        File.SetUnixFileMode(order, Readable);
    }

    // modprobe reads depmod's indexes and nothing else.
    private async Task IndexAsync(string root, string release, CancellationToken cancellationToken)
    {
        string depmod = HostProgram.Require("depmod", "kmod", "to make modules known to a systemd guest");
        (await runner.RunAsync(new ProcessSpec(depmod, "--basedir", root, release), cancellationToken)).EnsureSuccess();
        foreach (var index in Directory.EnumerateFiles(Path.Combine(root, "lib/modules", release), "modules.*"))
            File.SetUnixFileMode(index, Readable);
    }

    private async Task PackAsync(string root, string archive, CancellationToken cancellationToken)
    {
        var entries = Directory
            .EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .ToList();
        foreach (var entry in entries)
            MakeReproducible(entry);
        var names = string.Concat(entries.Select(entry => Path.GetRelativePath(root, entry) + "\0"));
        await using var output = File.Create(archive);
        var spec = new ProcessSpec(
            "cpio",
            "--create",
            "--format=newc",
            "--null",
            "--reproducible",
            "--owner=+0:+0",
            "--quiet"
        )
        {
            WorkingDirectory = root,
            StandardInput = new MemoryStream(Encoding.UTF8.GetBytes(names)),
            StandardOutput = output,
        };
        (await runner.RunAsync(spec, cancellationToken)).EnsureSuccess();
    }

    private static void MakeReproducible(string path)
    {
        var info = new FileInfo(path);
        if (info.Attributes.HasFlag(FileAttributes.Directory) && info.LinkTarget is null)
            File.SetUnixFileMode(path, Executable);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
    }

    private static void Copy(string source, string target, UnixFileMode mode)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(source, target, overwrite: true);
        File.SetUnixFileMode(target, mode);
    }
}
