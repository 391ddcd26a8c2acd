namespace PstoreLab.Harness.Doctor;

/// <summary>How much a finding matters.</summary>
public enum Health
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Everything runs, but something is slower, later or narrower than it could be.</summary>
    Warning,

    /// <summary>Something that a run needs is not there.</summary>
    Missing,
}
