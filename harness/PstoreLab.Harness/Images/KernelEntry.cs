using System.Text.RegularExpressions;

namespace PstoreLab.Harness.Images;

/// <summary>One line of the catalogue: which package a kernel's name stands for.</summary>
/// <param name="Name">What scenarios call it, such as <c>debian-6.1</c>.</param>
/// <param name="Suite">The Debian suite it comes from, such as <c>bookworm</c>.</param>
/// <param name="Package">Matches the whole name of its image package; the newest version among the matches is taken.</param>
/// <param name="Origin">Where it is written, <c>file:line:column</c>, for messages.</param>
public sealed record KernelEntry(string Name, string Suite, Regex Package, string Origin);
