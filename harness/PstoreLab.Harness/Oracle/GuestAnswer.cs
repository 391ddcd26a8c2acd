using System.Globalization;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Records;

namespace PstoreLab.Harness.Oracle;

/// <summary>How a command in a guest ended, as its agent reported it.</summary>
/// <param name="Output">All that it said, one character a byte.</param>
internal sealed record GuestAnswer(int Exit, string Output)
{
    /// <summary>Reads a line with the exit code, and all behind it.</summary>
    /// <exception cref="EvidenceException">It is missing, or no such answer.</exception>
    public static GuestAnswer Read(string path) =>
        RecordText.FromBytes(EvidenceReader.Bytes(path)).Split('\n', 2) is [var first, var rest]
        && int.TryParse(first, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int exit)
            ? new GuestAnswer(exit, rest)
            : throw new EvidenceException(path, "does not begin with a line that has an exit code");
}
