namespace PstoreLab.Cli.Stores;

/// <summary>Who wants text that is neither a record nor a store: lines of logs.</summary>
/// <param name="Line">Takes each line: the file, its number from 1, the line.</param>
/// <param name="Input">Opens what is meant by <c>-</c>.</param>
internal sealed record TextTaker(Action<string, int, string> Line, Func<Stream> Input);
