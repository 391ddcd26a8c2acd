namespace PstoreLab.Harness.Backends;

/// <summary>A frontend of pstore that keeps a record of its own in a backend's store.</summary>
/// <param name="Type">Of its records, one of <see cref="Records.RecordType"/>.</param>
/// <param name="Option">The kernel's option that builds it.</param>
/// <param name="Size">The backend's parameter that says how much of the store it may have.</param>
public sealed record Frontend(string Type, string Option, string Size);
