using System.CommandLine;

namespace PstoreLab.Cli.Help;

/// <summary>A command with what its help says of it.</summary>
internal sealed class LabCommand : Command
{
    /// <param name="name">Its name.</param>
    /// <param name="group">Where the help lists it.</param>
    /// <param name="summary">What it does, in a line of the help: under 60 letters, without a full stop.</param>
    /// <param name="examples">Command lines without <c>pstorelab</c>, at least one; the first is the shortest that is
    /// of use.</param>
    /// <param name="details">What else there is to say of it, in sentences; empty for nothing.</param>
    public LabCommand(
        string name,
        CommandGroup group,
        string summary,
        IReadOnlyList<string> examples,
        string details = ""
    )
        : base(name, summary)
    {
        Group = group;
        Examples = examples;
        Details = details;
    }

    public CommandGroup Group { get; }

    public IReadOnlyList<string> Examples { get; }

    public string Details { get; }
}
