using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Machines;

/// <summary>
/// UEFI firmware of a machine, in flash: its code, and a variable store that is copied from an empty one.
/// </summary>
/// <param name="Name">Of its code and variables in messages.</param>
/// <param name="Package">The package that has it, of Debian and Ubuntu.</param>
/// <param name="CodeName">Its code's name in a case folder.</param>
/// <param name="Layouts">Sizes of its variable store; the default first.</param>
/// <param name="Builds">
/// Where distributions have it, the preferred first. Code and variables must be of one build, and the size of its
/// variables is what differs between the builds.
/// </param>
public sealed record EfiFirmware(
    string Name,
    string Package,
    string CodeName,
    IReadOnlyList<EfiLayout> Layouts,
    IReadOnlyList<EfiBuild> Builds
)
{
    /// <summary>The build whose variable store has this size.</summary>
    /// <param name="size">In bytes; null for the default.</param>
    /// <exception cref="UsageException">No build of it has such a store.</exception>
    /// <exception cref="UnsupportedException">The host lacks that build; names the package that has it.</exception>
    public EfiBuild Find(long? size)
    {
        var layout =
            Layouts.FirstOrDefault(layout => layout.StoreSize == (size ?? Layouts[0].StoreSize))
            ?? throw new UsageException(
                "store: an EFI variable store is as large as its firmware has it: "
                    + string.Join(
                        " or ",
                        Layouts.Select(layout =>
                            $"{layout.StoreSize >> 10}K ({Name} of {layout.Flash}"
                            + $"{(layout == Layouts[0] && Layouts.Count > 1 ? ", the default" : "")})"
                        )
                    )
            );
        return Builds.FirstOrDefault(build =>
                File.Exists(build.Code)
                && File.Exists(build.Variables)
                && new FileInfo(build.Variables).Length == layout.StoreSize
            )
            ?? throw new UnsupportedException(
                $"no {Name} firmware whose variable store has {layout.StoreSize >> 10}K"
                    + (
                        layout == Layouts[0]
                            ? $" at {Builds[0].Code}; install it (Debian, Ubuntu: apt-get install {Package})"
                            : $"; only the {layout.Flash} build of {Name} has such a one"
                    )
            );
    }

    /// <summary>QEMU's arguments for it.</summary>
    /// <param name="variables">The variable store, in the case folder.</param>
    public IReadOnlyList<string> Flash(string variables) =>
        [
            "-drive",
            $"if=pflash,unit=0,format=raw,readonly=on,file={CodeName}",
            "-drive",
            $"if=pflash,unit=1,format=raw,file={variables}",
        ];
}

/// <summary>One size that the variable store of a firmware can have.</summary>
/// <param name="StoreSize">In bytes.</param>
/// <param name="Flash">The size of all its flash, in messages.</param>
public sealed record EfiLayout(long StoreSize, string Flash);

/// <summary>One build of a firmware: absolute paths on the host.</summary>
public sealed record EfiBuild(string Code, string Variables);
