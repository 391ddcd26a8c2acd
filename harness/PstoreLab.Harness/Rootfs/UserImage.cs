using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Kernels;

namespace PstoreLab.Harness.Rootfs;

/// <summary>The user-supplied disk of a systemd guest: <c>PATH</c> or <c>NAME=PATH</c>.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="Path">A qcow2 or raw disk; absolute.</param>
public sealed record UserImage(string Name, string Path)
{
    /// <summary>
    /// For the kernel's command line: its root is mounted already, by us, and what else its fstab and its partition
    /// table name may take a file system that our kernels have no module for (systemd-fstab-generator(8),
    /// systemd-gpt-auto-generator(8)).
    /// </summary>
    public static IReadOnlyList<string> KernelArguments { get; } = ["fstab=no", "systemd.gpt_auto=no"];

    /// <summary>
    /// Reads an argument of the command line. Without a name it is called by its file, less the ending.
    /// </summary>
    /// <exception cref="UsageException">There is no file at that path, or the name cannot be a guest's.</exception>
    public static UserImage Parse(string argument)
    {
        var (name, path) = NamedPath.Split(argument);
        if (name is not null && !KernelName.IsOne(name))
            throw new UsageException($"--image {argument}: '{name}' cannot be a guest's name: {KernelName.Rule}");
        if (FileKinds.OfTarget(path) != FileKind.Regular)
            throw new UsageException($"--image {argument}: there is no file '{path}', expected {ImageImport.Expected}");
        name ??= System.IO.Path.GetFileNameWithoutExtension(path);
        if (!KernelName.IsOne(name))
            throw new UsageException(
                $"--image {argument}: '{name}' cannot be a guest's name: {KernelName.Rule}; give it one, as "
                    + $"in --image mine={argument}"
            );
        return new UserImage(name, System.IO.Path.GetFullPath(path));
    }
}
