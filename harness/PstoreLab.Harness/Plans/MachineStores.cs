using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Plans;

/// <summary>The backends of a case's machine, each with its store.</summary>
internal sealed class MachineStores
{
    private readonly SourceLocation _source;
    private readonly OrderedDictionary<IBackend, StoreAttachment> _stores;

    /// <exception cref="UsageException">A store cannot have the size that is asked for, or two cannot be in one
    /// machine.</exception>
    /// <exception cref="UnsupportedException">The host lacks a file or a device; names the package that has
    /// it.</exception>
    public MachineStores(Case @case)
    {
        _source = @case.Source;
        _stores = StoresOf(@case);
        Present = [.. @case.Present.Select(BackendCatalogue.Get)];
        Machine = _stores.Values.Aggregate((machine, other) => machine.Beside(other));
    }

    /// <summary>The backend whose records are judged.</summary>
    public IBackend Judged => _stores.GetAt(0).Key;

    /// <summary>All of them, in the order in which their modules are loaded.</summary>
    public IReadOnlyList<IBackend> Present { get; }

    /// <summary>One machine that has all stores.</summary>
    public StoreAttachment Machine { get; }

    /// <summary>The store that is judged, before the first boot.</summary>
    public StoreTemplate Store => _stores[Judged].Store;

    /// <summary>The stores that must be left alone.</summary>
    public IReadOnlyList<OtherStore> Others =>
        [
            .. from store in _stores
            where store.Key != Judged
            select new OtherStore(store.Key.Name, StoreTemplate.FileNameBeside(store.Key.Name), store.Value.Store),
        ];

    /// <summary>The backends' modules that this kernel has as modules; the others are built in.</summary>
    public IReadOnlyList<string> ModulesOf(Kernel kernel) =>
        [.. Present.SelectMany(backend => backend.Modules).Distinct().Where(kernel.Modules.ContainsKey)];

    /// <summary>
    /// The sizes of what frontends keep in the store, where a kernel of the case has some: a scenario that does not ask
    /// for them means the same with every kernel, and writer and reader have to agree on the layout.
    /// </summary>
    public IEnumerable<string> UnwantedFrontends(IEnumerable<BootImage> images) =>
        from backend in Present
        where images.Any(image => backend.Frontends.Any(frontend => !image.Lacks(frontend.Option)))
        from frontend in backend.Frontends
        select frontend.Size;

    /// <summary>Of the parameters that are set, those that a kernel is to see.</summary>
    public IReadOnlyDictionary<string, string> KernelParameters(IReadOnlyDictionary<string, string> parameters) =>
        Present.Aggregate(parameters, (handed, backend) => backend.KernelParameters(handed));

    /// <summary>The kernel image to enter.</summary>
    /// <param name="wanted">The one that is asked for; null for the quickest.</param>
    /// <exception cref="UsageException">From that one a backend cannot be reached.</exception>
    public KernelImage ImageFor(KernelImage? wanted)
    {
        KernelImage[] images =
        [
            .. Present.Select(backend => backend.Images).Aggregate((some, others) => [.. some.Intersect(others)]),
        ];
        return wanted is null ? images[0]
            : images.Contains(wanted.Value) ? wanted.Value
            : throw new UsageException(
                $"{_source}: the {string.Join(" and ", Present.Select(backend => backend.Name))} "
                    + $"{(Present.Count == 1 ? "backend" : "backends")} cannot boot the "
                    + $"{EnumNames.Of(wanted.Value)} image; it boots "
                    + $"{string.Join(" or ", images.Select(image => EnumNames.Of(image)))}"
            );
    }

    /// <exception cref="UsageException">With these parameters no machine may have one of the stores.</exception>
    /// <param name="source">Where they are set.</param>
    public void RequireValid(IReadOnlyDictionary<string, string> parameters, SourceLocation source)
    {
        foreach (var (backend, store) in _stores)
        {
            if (backend.Validate(store.Store, parameters) is { } objection)
                throw new UsageException($"{source}: {objection}");
        }
    }

    /// <summary>First that of the backend that is judged.</summary>
    private static OrderedDictionary<IBackend, StoreAttachment> StoresOf(Case @case)
    {
        try
        {
            var judged = BackendCatalogue.Get(@case.Backend);
            var stores = new OrderedDictionary<IBackend, StoreAttachment> { [judged] = judged.Attach(@case.StoreSize) };
            foreach (var other in @case.Present.Select(BackendCatalogue.Get).Where(backend => backend != judged))
                stores[other] = other.Attach(null, StoreTemplate.FileNameBeside(other.Name));
            return stores;
        }
        catch (UsageException e)
        {
            throw new UsageException($"{@case.Source}: {e.Message}", e);
        }
    }
}
