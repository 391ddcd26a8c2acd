using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Plans;

/// <summary>The backends of a case's machine, each with its store.</summary>
internal sealed class MachineStores
{
    private readonly SourceLocation _source;
    private readonly string? _given;
    private readonly OrderedDictionary<IBackend, StoreAttachment> _stores;

    /// <exception cref="UsageException">A store cannot have the size that is asked for, or two cannot be in one
    /// machine.</exception>
    /// <exception cref="UnsupportedException">The machine cannot have a store, or the host lacks a file or a device;
    /// names the package that has it.</exception>
    public MachineStores(Case @case, IMachine machine)
    {
        _source = @case.Source;
        _given = @case.GivenStore;
        Machine = machine;
        Present = [.. @case.Present.Select(BackendCatalogue.Get)];
        _stores = StoresOf(@case);
        Attached = _stores.Values.Aggregate((all, other) => all.Beside(other, machine.Memory));
    }

    /// <summary>What has them.</summary>
    public IMachine Machine { get; }

    /// <summary>The backend whose records are judged.</summary>
    public IBackend Judged => _stores.GetAt(0).Key;

    /// <summary>All of them, in the order in which their modules are loaded.</summary>
    public IReadOnlyList<IBackend> Present { get; }

    /// <summary>All stores together, as the machine has them.</summary>
    public StoreAttachment Attached { get; }

    /// <summary>The store that is judged, before the first boot.</summary>
    public StoreTemplate Store => _stores[Judged].Store with { Given = _given };

    /// <summary>The stores that must stay unused.</summary>
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
    /// for them means the same with every kernel, and writer and reader must agree on the layout.
    /// </summary>
    public IEnumerable<string> UnwantedFrontends(IEnumerable<BootImage> images) =>
        from backend in Present
        where images.Any(image => backend.Frontends.Any(frontend => !image.Lacks(frontend.Option)))
        from frontend in backend.Frontends
        select frontend.Size;

    /// <summary>Of the parameters that are set, those that a kernel is to see.</summary>
    public IReadOnlyDictionary<string, string> KernelParameters(IReadOnlyDictionary<string, string> parameters) =>
        Present.Aggregate(parameters, (handed, backend) => backend.KernelParameters(Machine, handed));

    /// <summary>The kernel image to enter.</summary>
    /// <param name="wanted">The one that is asked for; null for the quickest.</param>
    /// <exception cref="UsageException">From that one a backend cannot be reached.</exception>
    public KernelImage ImageFor(KernelImage? wanted)
    {
        var images = Present.Any(backend => backend.Needs == MachineFeature.EfiVariables)
            ? Machine.EfiImages
            : Machine.Images;
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
            if (backend.Validate(Machine, store.Store, parameters) is { } objection)
                throw new UsageException($"{source}: {objection}");
        }
    }

    /// <summary>First that of the backend that is judged.</summary>
    private OrderedDictionary<IBackend, StoreAttachment> StoresOf(Case @case)
    {
        try
        {
            var judged = BackendCatalogue.Get(@case.Backend);
            foreach (var backend in Present)
                Machine.Require(backend.Needs, $"the {backend.Name} backend");
            var stores = new OrderedDictionary<IBackend, StoreAttachment>
            {
                [judged] = judged.Attach(Machine, @case.StoreSize),
            };
            foreach (var other in Present.Where(backend => backend != judged))
                stores[other] = other.Attach(Machine, null, StoreTemplate.FileNameBeside(other.Name));
            return stores;
        }
        catch (UsageException e)
        {
            throw new UsageException($"{@case.Source}: {e.Message}", e);
        }
    }
}
