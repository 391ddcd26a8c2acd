namespace PstoreLab.FakeQemu;

/// <summary>Those of QEMU's arguments that matter here.</summary>
internal sealed class Arguments(IReadOnlyList<string> words)
{
    public string Kernel => After("-kernel");

    public string CommandLine => After("-append");

    public bool ExitsOnReset => words.Contains("-no-reboot");

    /// <summary>The abstract name of the socket that a channel is to dial.</summary>
    public string Channel(string id)
    {
        var options = words.Single(word => word.StartsWith($"socket,id={id},", StringComparison.Ordinal)).Split(',');
        if (!options.Contains("abstract=on") || !options.Contains("server=off"))
            throw new ArgumentException($"the channel {id} is not dialled: {string.Join(',', options)}");
        return options.Single(option => option.StartsWith("path=", StringComparison.Ordinal))["path=".Length..];
    }

    /// <summary>The file that gets what the guest prints.</summary>
    public string Console =>
        words
            .Single(word => word.StartsWith("file,id=console,path=", StringComparison.Ordinal))[
                "file,id=console,path=".Length..
            ]
            .Replace(",append=on", "");

    /// <summary>Whether the machine waits for the state of another one.</summary>
    public bool IsIncoming => words.Contains("-incoming");

    private string After(string option) => words[words.ToList().IndexOf(option) + 1];
}
