namespace PstoreLab.Cli.Help.Completion;

/// <summary>What a word of a command line can be, for a shell to complete it.</summary>
internal enum ValueKind
{
    /// <summary>No word at all, or one that nobody can guess.</summary>
    Nothing,

    /// <summary>One of few words, that stand in the script.</summary>
    Choice,

    /// <summary>A file or folder.</summary>
    Path,

    /// <summary>A family, a scenario or a case; or a scenario's file.</summary>
    Case,

    /// <summary>A kernel of the catalogue; or a kernel's file.</summary>
    Kernel,

    /// <summary>A systemd guest of the catalogue.</summary>
    Guest,

    /// <summary>A kernel or a systemd guest.</summary>
    Image,

    /// <summary>A backend.</summary>
    Backend,
}
