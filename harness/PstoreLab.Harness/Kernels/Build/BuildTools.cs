using System.Runtime.InteropServices;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Kernels.Build;

/// <summary>What of the host a kernel is built with.</summary>
public static class BuildTools
{
    // Headers are asked for by file: a compiler does not bring its C library's along.
    private static readonly (string Package, string What)[] Needed =
    [
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
    public static IReadOnlyList<string> MissingPackages =>
        [.. Needed.Where(need => !IsThere(need.What)).Select(need => need.Package)];

    /// <exception cref="UnsupportedException">Something is missing; says what to install.</exception>
    public static void Require(string kernel)
    {
        if (RuntimeInformation.OSArchitecture != Architecture.X64)
            throw new UnsupportedException(
                $"{kernel} is built with this machine's own compiler, and that is not one for x86-64."
            );
        if (MissingPackages is { Count: > 0 } missing)
        {
            throw new UnsupportedException(
                $"{kernel} is built here, and this machine lacks what that takes. Install it (on Debian and "
                    + $"Ubuntu: apt install {string.Join(' ', missing)})."
            );
        }
    }

    private static bool IsThere(string what) => what[0] == '/' ? File.Exists(what) : HostProgram.Find(what) is not null;
}
