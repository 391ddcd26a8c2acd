using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Kernels.Build;

/// <summary>
/// The options that a kernel of ours is built with, on top of the smallest configuration there is: <c>common.config</c>
/// and, where there is one, <c>KERNEL.config</c>. Lines are those of a <c>.config</c>; <c># &gt;=6.1,&lt;6.6</c> at a
/// line's end bounds it to versions that have the option.
/// </summary>
internal sealed partial class LabConfig
{
    private readonly OrderedDictionary<string, Option> _options = [];

    private LabConfig() { }

    /// <summary>As lines of a <c>.config</c>.</summary>
    public string Text => string.Concat(_options.Values.Select(option => option.Line + "\n"));

    /// <summary>Reads the options for a kernel.</summary>
    /// <param name="folder">The folder of the fragments.</param>
    /// <param name="version">The kernel's version, or that of its package.</param>
    /// <exception cref="UsageException">A line is not an option; the message begins with file:line.</exception>
    public static LabConfig Load(string folder, string kernel, string version)
    {
        var config = new LabConfig();
        config.Add(Path.Combine(folder, "common.config"), version);
        if (Path.Combine(folder, kernel + ".config") is var own && File.Exists(own))
            config.Add(own, version);
        return config;
    }

    /// <summary>
    /// Eight bytes of a SHA-256, in hexadecimal, over the options and whatever else the build depends on.
    /// </summary>
    public string Digest(params string[] others) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', [.. others, Text]))).AsSpan(0, 8)
        );

    /// <summary>
    /// Holds what Kconfig made of the options against them: it drops what lacks a dependency without a word.
    /// </summary>
    /// <exception cref="InfraException">Some are not as they were asked for; names each.</exception>
    public void Check(KernelConfig made, string what)
    {
        var dropped = _options.Values.Where(option => made.Get(option.Name) != option.Value).ToList();
        if (dropped.Count == 0)
            return;
        throw new InfraException(
            $"Kconfig did not take these options for {what}:\n"
                + string.Concat(
                    dropped.Select(option => $"  {option.Place}: {option.Line}, but it is {made.Get(option.Name)}\n")
                )
                + "Name what they depend on as well, or bound them to versions that have them, as in "
                + "`CONFIG_X=y # >=6.6`."
        );
    }

    private void Add(string path, string version)
    {
        try
        {
            int number = 0;
            foreach (var line in File.ReadLines(path))
                Add(line.Trim(), $"{path}:{++number}", version);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: the options of lab kernels cannot be read: {e.Message}", e);
        }
    }

    private void Add(string line, string place, string version)
    {
        var match = OptionLine().Match(line);
        if (!match.Success)
        {
            // An option that was meant to be switched off must not become a remark by a slip of the pen.
            if (line.Length > 0 && (line[0] != '#' || line.StartsWith("# CONFIG_", StringComparison.Ordinal)))
                throw new UsageException(
                    $"{place}: found {Nearest.Quote(line)}, expected CONFIG_NAME=VALUE, '# CONFIG_NAME is "
                        + "not set' or a remark"
                );
            return;
        }
        if (
            match.Groups["when"] is { Success: true, Value: var when }
            && !Scenarios.ValueMatch.Parse(when, message => new UsageException($"{place}: {message}")).Matches(version)
        )
        {
            return;
        }
        var option = match.Groups["option"].Value;
        var name = match.Groups["name"].Value;
        // The last line wins, as it does for Kconfig.
        _options.Remove(name);
        _options.Add(name, new Option(name, KernelConfig.Parse([option]).Get(name), option, place));
    }

    [GeneratedRegex(
        @"\A(?<option>(?<name>CONFIG_\w+)=(?:""[^""]*""|[^\s""#]+)|# (?<name>CONFIG_\w+) is not set)"
            + @"(?:\s+#\s*(?<when>[<>].*))?\z"
    )]
    private static partial Regex OptionLine();

    private sealed record Option(string Name, string Value, string Line, string Place);
}
