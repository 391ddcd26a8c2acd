namespace PstoreLab.Records.Salvage;

/// <summary>
/// A text behind damage, as it can be made out of what is there. It is no record: nothing proves it but that it fits.
/// </summary>
/// <param name="How">What was assumed, a sentence without a full stop.</param>
/// <param name="Text">The whole text with its header, one byte a character. Where bytes are not known, U+FFFD stands in
/// UTF-8, and a mark in brackets where text is lost.</param>
/// <param name="KnownBytes">Number of its bytes that were read.</param>
/// <param name="InferredBytes">Number of its bytes that were copied out of what is lost, and are put in by the form of
/// the lines or by the same words elsewhere.</param>
/// <param name="UnknownBytes">Number of its other bytes that are copies of what is lost; the lost bytes do not
/// count.</param>
/// <param name="IsCertain">Whether nothing else fits as well, and no word is guessed.</param>
public sealed record Reconstruction(
    string How,
    ReadOnlyMemory<byte> Text,
    int KnownBytes,
    int InferredBytes,
    int UnknownBytes,
    bool IsCertain
);
