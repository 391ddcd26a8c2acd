using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Kernels;

/// <summary>A user-supplied kernel: <c>PATH</c> or <c>NAME=PATH</c>.</summary>
/// <param name="Name">What to call it; null to call it by its release.</param>
/// <param name="Path">A bzImage, a <c>.deb</c>, or a built kernel tree; absolute.</param>
/// <param name="Modules">The folder of its modules; null to look for them beside it.</param>
public sealed record UserKernel(string? Name, string Path, string? Modules)
{
    /// <summary>Reads an argument of the command line.</summary>
    /// <exception cref="UsageException">There is nothing at that path, or the name cannot be a kernel's.</exception>
    public static UserKernel Parse(string argument, string? modules)
    {
        var (name, path) = NamedPath.Split(argument);
        if (name is not null && !KernelName.IsOne(name))
            throw new UsageException($"--kernel {argument}: '{name}' cannot be a kernel's name: {KernelName.Rule}");
        if (FileKinds.OfTarget(path) is var kind and not (FileKind.Regular or FileKind.Folder))
            throw new UsageException(
                $"--kernel {argument}: there is {(kind == FileKind.Missing ? "nothing" : "a pipe or a device")} at "
                    + $"'{path}', expected {KernelImport.Expected}"
            );
        if (modules is not null && !Directory.Exists(modules))
            throw new UsageException(
                $"--modules {modules}: there is no such folder, expected one like /lib/modules/RELEASE"
            );
        return new UserKernel(
            name,
            System.IO.Path.GetFullPath(path),
            modules is null ? null : System.IO.Path.GetFullPath(modules)
        );
    }
}
