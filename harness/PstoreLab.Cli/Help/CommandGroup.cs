namespace PstoreLab.Cli.Help;

/// <summary>What a command is for; the help lists commands by it, in this order.</summary>
internal enum CommandGroup
{
    /// <summary>Boots guests, or judges what was left of them.</summary>
    Run,

    /// <summary>Shows cases, runs and this machine.</summary>
    Look,

    /// <summary>Has to do with several kernels or guests.</summary>
    Kernels,

    /// <summary>Reads what a dead machine left.</summary>
    Stores,
}
