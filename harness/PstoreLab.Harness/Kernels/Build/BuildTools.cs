using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Kernels.Build;

/// <summary>What of the host a kernel is built with.</summary>
public static class BuildTools
{
    // Headers are asked for by file: a compiler does not bring its C library's along.
    private static readonly (string Package, string What)[] Needed =
    [
        // For the programs that the build itself runs.
        ("gcc", "gcc"),
        ("libc6-dev", "/usr/include/stdio.h"),
        ("make", "make"),
        ("flex", "flex"),
        ("bison", "bison"),
        ("bc", "bc"),
        ("perl", "perl"),
        ("libelf-dev", "/usr/include/libelf.h"),
        ("tar", "tar"),
        ("xz-utils", "xz"),
        ("util-linux", "flock"),
    ];

    /// <summary>The Debian packages that are missing; none when kernels can be built.</summary>
    public static IReadOnlyList<string> MissingPackages(IArchitecture architecture) =>
        [.. Needed.Concat(CrossCompiler(architecture)).Where(need => !IsThere(need.What)).Select(need => need.Package)];

    /// <exception cref="UnsupportedException">Something is missing; says what to install.</exception>
    public static void Require(string kernel, IArchitecture architecture)
    {
        if (MissingPackages(architecture) is { Count: > 0 } missing)
        {
            throw new UnsupportedException(
                $"{kernel} is built here, and this machine lacks what that takes. Install it (on Debian and "
                    + $"Ubuntu: apt install {string.Join(' ', missing)})."
            );
        }
    }

    private static IEnumerable<(string Package, string What)> CrossCompiler(IArchitecture architecture) =>
        architecture.IsHosts ? [] : [(architecture.CrossCompilerPackage, $"{architecture.CompilerPrefix}gcc")];

    private static bool IsThere(string what) => what[0] == '/' ? File.Exists(what) : HostProgram.Find(what) is not null;
}
