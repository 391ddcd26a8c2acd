namespace PstoreLab.Harness.Faults;

/// <summary>
/// Evidence that an attempt must have left is missing or damaged. The kernel has nothing to do with that, whenever it
/// is noticed: verdict <c>infra</c>.
/// </summary>
/// <param name="file">The path of the file or folder.</param>
/// <param name="fault">What is wrong with it, as in <c>is missing</c>.</param>
public sealed class EvidenceException(string file, string fault, Exception? inner = null)
    : InfraException($"the evidence {file} {fault}", inner);
