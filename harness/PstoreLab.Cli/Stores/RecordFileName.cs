using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using PstoreLab.Records;

namespace PstoreLab.Cli.Stores;

/// <summary>
/// Names of record files as people have them: as pstore gives them, with leading zeros as some tools write them, or
/// without a number, as kernels before 3.15 named <c>console-ramoops</c>.
/// </summary>
internal static partial class RecordFileName
{
    /// <returns>Whether it is the name of a record of a type that pstore knows.</returns>
    public static bool TryParse(string fileName, [NotNullWhen(true)] out RecordName? name)
    {
        string spelled = LeadingZeros().Replace(fileName, "-");
        return RecordName.TryParse(WithoutNumber().IsMatch(spelled) ? $"{spelled}-0" : spelled, out name)
            && RecordType.Known.Contains(name.Type);
    }

    [GeneratedRegex(@"-0+(?=[0-9]+(?:\.enc\.z)?\z)")]
    private static partial Regex LeadingZeros();

    [GeneratedRegex(@"\A(?:console|ftrace|pmsg|dmesg)-ramoops\z")]
    private static partial Regex WithoutNumber();
}
