using System.Text.RegularExpressions;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Kernels.Formats;

/// <summary>
/// What <c>uname -r</c> says, or the version of a package: a word, whoever has built the kernel. It stands in scripts,
/// reports and file names that are handed to others.
/// </summary>
internal static partial class KernelRelease
{
    /// <exception cref="InfraException">It is none.</exception>
    /// <param name="where">What it was read from.</param>
    public static string Require(string text, string where) =>
        Pattern().IsMatch(text)
            ? text
            : throw new InfraException(
                $"{where}: \"{text}\" is no release of a kernel, which is a word of printable ASCII characters, "
                    + "128 at most"
            );

    [GeneratedRegex(@"\A[!-~]{1,128}\z")]
    private static partial Regex Pattern();
}
