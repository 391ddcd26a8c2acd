namespace PstoreLab.Records;

/// <summary>
/// Something that should have been a record, or its name, is not. The message says what was found and what was
/// expected.
/// </summary>
public sealed class RecordFormatException(string message, Exception? inner = null) : FormatException(message, inner);
