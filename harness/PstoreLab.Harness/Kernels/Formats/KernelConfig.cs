namespace PstoreLab.Harness.Kernels.Formats;

/// <summary>A kernel's build configuration, as in <c>/boot/config-*</c>.</summary>
public sealed class KernelConfig
{
    private readonly Dictionary<string, string> _options;

    private KernelConfig(Dictionary<string, string> options) => _options = options;

    /// <summary>
    /// An option's value: <c>y</c>, <c>m</c>, a number, or a string without its quotes. What is "not set", or not there
    /// at all because its dependencies are off, is <c>n</c>: Kconfig itself makes no difference between the two.
    /// </summary>
    /// <param name="option">The whole name, such as <c>CONFIG_PSTORE_RAM</c>.</param>
    public string Get(string option) => _options.GetValueOrDefault(option, "n");

    /// <summary>Whether an option is built in or a module.</summary>
    public bool IsEnabled(string option) => Get(option) is "y" or "m";

    /// <summary>Reads a configuration file.</summary>
    public static KernelConfig Load(string path) => Parse(File.ReadLines(path));

    /// <summary>Reads the lines of a configuration file.</summary>
    public static KernelConfig Parse(IEnumerable<string> lines)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var equals = line.IndexOf('=');
            if (equals > 0 && line.StartsWith("CONFIG_", StringComparison.Ordinal))
                options[line[..equals]] = Unquote(line[(equals + 1)..].TrimEnd());
        }
        return new KernelConfig(options);
    }

    // Kconfig escapes only '"' and '\' inside a string (scripts/kconfig/symbol.c, sym_escape_string_value).
    private static string Unquote(string value) =>
        value is ['"', .. var inner, '"'] ? inner.Replace("\\\"", "\"").Replace("\\\\", "\\") : value;
}
