using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Backends;

/// <summary>The backends there are.</summary>
public static class BackendCatalogue
{
    public static IReadOnlyList<IBackend> All { get; } =
    [new RamoopsBackend(), new ErstBackend(), new EfiBackend(), new PstoreBlkBackend(), new MtdPstoreBackend()];

    /// <summary>Every module that some backend may load.</summary>
    public static IReadOnlyList<string> Modules { get; } = [.. All.SelectMany(backend => backend.Modules).Distinct()];

    public static IBackend Get(string name) =>
        All.FirstOrDefault(backend => backend.Name == name)
        ?? throw new UsageException(
            $"there is no backend '{name}'; there are {string.Join(", ", All.Select(backend => backend.Name))}"
        );
}
