using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Doctor;

/// <summary>
/// Looks at one part of this machine. A new check is a new file that implements this, and a line in
/// <see cref="Examination"/>.
/// </summary>
public interface ICheck
{
    /// <summary>What it looks at.</summary>
    string Subject { get; }

    /// <summary>What it found, in the order to be shown.</summary>
    /// <exception cref="Faults.LabException">It could not even look; shown as missing, with the message.</exception>
    Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation);
}
