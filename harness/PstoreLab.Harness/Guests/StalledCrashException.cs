namespace PstoreLab.Harness.Guests;

/// <summary>
/// The kernel began to die and did not come to an end: the one fault of a cycle that is the product's.
/// </summary>
internal sealed class StalledCrashException(string message) : Exception(message);
