using System.Text.RegularExpressions;

namespace PstoreLab.Harness.Machines;

/// <summary>
/// Finds the line with which a kernel begins, with the time and caller that its configuration gives it, or with
/// <c>printk.time=0</c> without.
/// </summary>
public sealed class KernelBanner(IArchitecture architecture)
{
    // Firmware clears the screen and leaves the kernel's first line to begin behind that. A line without a time begins
    // nowhere else.
    private readonly Regex _line = new(
        @"(?:(?<time>\[ *0\.000000\](?:\[ *[CT][0-9]+\])? )|^|(?<=\e\[[0-9;=?]*[A-Za-z]))"
            + Regex.Escape(architecture.KernelBanner)
    );

    /// <summary>Where it begins in a line of a console; null where the line has none.</summary>
    public BannerPlace? In(string line) =>
        _line.Match(line) is { Success: true } match
            ? new BannerPlace(match.Index, IsTimed: match.Groups["time"].Success)
            : null;
}

/// <summary>A kernel's first line in a line of the console.</summary>
/// <param name="At">Index of its first character.</param>
/// <param name="IsTimed">Whether it has a time, which a program's text has not.</param>
public readonly record struct BannerPlace(int At, bool IsTimed);
