namespace PstoreLab.Harness.Kernels;

/// <summary>
/// The vmlinux of a kernel with its symbols: what is in the cache was taken out of vmlinuz, and has none.
/// </summary>
public static class DebugSymbols
{
    /// <summary>Where it is installed on this machine; null where it is not.</summary>
    /// <param name="release">What <c>uname -r</c> says.</param>
    public static string? Find(string release) =>
        new[]
        {
            $"/usr/lib/debug/boot/vmlinux-{release}",
            $"/usr/lib/debug/lib/modules/{release}/vmlinux",
            $"/usr/lib/debug/usr/lib/modules/{release}/vmlinux",
        }.FirstOrDefault(File.Exists);

    /// <summary>
    /// Where it is to be had, ending the sentence "vmlinux is". A gigabyte is nothing to fetch unasked.
    /// </summary>
    /// <param name="userSupplied">Whether the user built it.</param>
    public static string WhereFrom(string release, bool userSupplied) =>
        userSupplied
            ? "in the tree that the kernel was built in"
            : $"/usr/lib/debug/boot/vmlinux-{release} of Debian's package linux-image-{release}-dbg "
                + "(a kernel that was built here keeps none)";
}
