namespace PstoreLab.Harness.Reports;

/// <summary>
/// A format that a whole run is written in. A new one is a new file that implements this, and a line in
/// <see cref="ReportCatalogue"/>.
/// </summary>
public interface IReport
{
    /// <summary>Its file in the run's folder.</summary>
    string FileName { get; }

    /// <summary>The file's text.</summary>
    string Write(FinishedRun run);
}
