using System.Text.RegularExpressions;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Archiving;

/// <summary>
/// Finds systemd-pstore in a folder: an unpacked package, what <c>meson install --destdir</c> made, a whole root, or
/// meson's build folder.
/// </summary>
public static partial class OwnRoot
{
    private static readonly string[] Places =
    [
        $"usr/lib/systemd/{SystemdPstore.Program}",
        $"lib/systemd/{SystemdPstore.Program}",
        SystemdPstore.Program,
    ];

    /// <exception cref="UsageException">There is none in it.</exception>
    public static OwnProgram Find(string folder, IArchitecture architecture)
    {
        if (!Directory.Exists(folder))
            throw new UsageException($"--root {folder}: there is no such folder");
        string root = Path.GetFullPath(folder);
        string program =
            Places.Select(place => Path.Combine(root, place)).FirstOrDefault(IsFile)
            ?? throw new UsageException(
                $"--root {folder}: there is no {SystemdPstore.Program} in it; expected it at "
                    + string.Join(", ", Places)
            );
        string multiarch = architecture.Multiarch;
        string[] libraries = [.. new[]
            {
                // Of a build: meson's own folders.
                "src/shared",
                "usr/lib/systemd",
                "lib/systemd",
                $"usr/lib/{multiarch}/systemd",
                $"lib/{multiarch}/systemd",
                "usr/lib64/systemd",
                $"usr/lib/{multiarch}",
                $"lib/{multiarch}",
                "usr/lib64",
                "lib64",
            }.Select(place => Path.Combine(root, place)).Where(Directory.Exists)];
        string path = string.Join(':', libraries);
        string? own = libraries.Select(place => Path.Combine(place, architecture.Loader)).FirstOrDefault(IsFile);
        // A C library goes with its own loader and with no other.
        string command =
            own is not null && libraries.Any(place => IsFile(Path.Combine(place, "libc.so.6")))
                ? ShellWords.Join([own, "--library-path", path, program])
                : $"LD_LIBRARY_PATH={ShellWords.Quote(path)} {ShellWords.Quote(program)}";
        return new OwnProgram(Path.GetFileName(root), command, VersionIn(libraries), $"--root {folder}");
    }

    /// <summary>systemd's own library has its version in its name, with what a distribution adds.</summary>
    private static string? VersionIn(IEnumerable<string> libraries) =>
        libraries
            .SelectMany(folder => Directory.EnumerateFiles(folder, "libsystemd-shared-*.so"))
            .Select(file => Shared().Match(Path.GetFileName(file)))
            .FirstOrDefault(match => match.Success)
            ?.Groups[1]
            .Value;

    private static bool IsFile(string path) => FileKinds.OfTarget(path) == FileKind.Regular;

    [GeneratedRegex(@"^libsystemd-shared-(\d{1,4}(?!\d).*)\.so$")]
    private static partial Regex Shared();
}
