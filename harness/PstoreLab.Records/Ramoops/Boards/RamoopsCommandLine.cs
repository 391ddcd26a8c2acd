using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ramoops.Boards;

/// <summary>
/// Parameters of ramoops on a kernel's command line, as <c>/proc/cmdline</c> has it; with <c>ramoops.mem_name=</c> the
/// size is that of <c>reserve_mem=</c> (since 6.12; <c>ramoops_probe</c> in fs/pstore/ram.c).
/// </summary>
public static class RamoopsCommandLine
{
    private const string Prefix = "ramoops.";

    /// <summary>Reads the parameters.</summary>
    /// <param name="line">The command line.</param>
    /// <returns>All parameters of ramoops; the last of each, as in a kernel.</returns>
    /// <exception cref="RecordFormatException">It has none.</exception>
    public static StoreOptions Read(string line)
    {
        var parameters = new Dictionary<string, string>();
        var reserved = new Dictionary<string, long>();
        foreach (string word in line.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                continue;
            string name = word[..equals];
            string value = word[(equals + 1)..].Trim('"');
            // A kernel takes a hyphen for an underscore.
            if (name.StartsWith(Prefix, StringComparison.Ordinal))
                parameters[name.Replace('-', '_')] = value;
            else if (name == ReservedMemory.Parameter && ReservedMemory.Parse(value) is { } memory)
                reserved[memory.Name] = memory.Size;
        }
        if (parameters.Count == 0)
            throw new RecordFormatException(
                "no parameter of ramoops is on this command line, such as ramoops.mem_size="
            );
        if (parameters.Remove("ramoops.mem_name", out string? area) && reserved.TryGetValue(area, out long length))
            parameters.TryAdd("ramoops.mem_size", $"{length}");
        return new StoreOptions { Parameters = parameters };
    }
}
