namespace PstoreLab.Records;

/// <summary>
/// An image, a record or a name does not have the expected format, or options contradict it. The message names the
/// finding and the expectation.
/// </summary>
/// <param name="message">The finding and the expectation.</param>
/// <param name="inner">The cause, where there is one.</param>
public sealed class RecordFormatException(string message, Exception? inner = null) : FormatException(message, inner);
