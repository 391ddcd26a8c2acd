namespace PstoreLab.Harness.Oracle.Exhibits;

/// <summary>A line of the console and the line of the record that belongs to it.</summary>
/// <param name="Console">As the console has it; null where it has none.</param>
/// <param name="Record">As a console would show it; null where the record has none.</param>
public sealed record AlignedLine(AlignedLineKind Kind, string? Console, string? Record)
{
    /// <summary>Whether the record is to blame for it.</summary>
    public bool IsDifference =>
        Kind is AlignedLineKind.Lost or AlignedLineKind.Altered or AlignedLineKind.Extra or AlignedLineKind.Repeated;
}

/// <summary>What an aligned line says of the record.</summary>
public enum AlignedLineKind
{
    /// <summary>Both have it.</summary>
    Same,

    /// <summary>The console has it, and the record should.</summary>
    Lost,

    /// <summary>Both have a line there, and not the same.</summary>
    Altered,

    /// <summary>The record has it, and the console never showed it.</summary>
    Extra,

    /// <summary>The record has it a second time.</summary>
    Repeated,

    /// <summary>The console has it, and somebody else than the kernel may have written it.</summary>
    OtherWriter,

    /// <summary>The record has it, and the console may have lost it.</summary>
    NotOnConsole,

    /// <summary>Both have it, and the console was interrupted in it.</summary>
    Torn,

    /// <summary>The console has it, from after the record was written.</summary>
    After,
}
