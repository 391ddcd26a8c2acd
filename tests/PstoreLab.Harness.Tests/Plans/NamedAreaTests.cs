using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Plans;

/// <summary>A ramoops area that the kernel reserves by name: <c>reserve_mem=</c> and <c>ramoops.mem_name</c>.</summary>
public class NamedAreaTests
{
    private readonly ScratchFolder _scratch = new();

    [OneTimeTearDown]
    public void DeleteScratch() => _scratch.Dispose();

    [Test]
    public void It_needs_no_address_and_finds_the_store_unreserved()
    {
        var plan = Plan("4M:512M:oops");
        Assert.That(
            plan.Steps.OfType<PowerOn>().Select(on => on.Machine[on.Machine.ToList().IndexOf("-append") + 1]),
            Is.All.EndsWith(" reserve_mem=4M:512M:oops")
        );
        Assert.That(PlanBench.BringUps(plan), Has.Exactly(2).EqualTo("load ramoops record_size=0x10000 mem_name=oops"));
    }

    [TestCase("4M:512M:oops", "0x400000")]
    [TestCase("0x200k:0x20000000:oops", "0x80000")]
    [TestCase("4M:512M:other", "0x800000", Description = "no area; the kernel says so")]
    [TestCase("4M:oops", "0x800000")]
    [TestCase("0:512M:oops", "0x800000")]
    public void It_is_as_large_as_what_was_reserved(string reserved, string size)
    {
        var plan = Plan(reserved);
        Assert.That(plan.StoreOptionsOf(plan.Boots[1]).Parameters["ramoops.mem_size"], Is.EqualTo(size));
    }

    [TestCase("4M:4096:oops", "reserve_mem takes its memory from the store only with an alignment of 512M")]
    [TestCase(
        "5M:512M:oops",
        "reserve_mem may take half of the store, which has 0x800000 bytes; `store: 8M` and the like make it larger"
    )]
    public void It_has_to_lie_in_the_store(string reserved, string objection) =>
        Assert.That(
            () => Plan(reserved),
            Throws.TypeOf<UsageException>().With.Message.EqualTo($"{PlanBench.Line(11)}: {objection}")
        );

    [TestCase("ramoops")]
    [TestCase("mtd-pstore")]
    public void What_keeps_a_store_out_of_the_guests_memory_is_not_replaced(string backend) =>
        Assert.That(
            () =>
                PlanBench.Plan(
                    PlanBench.Case(
                        backend,
                        PlanBench.Boot(options: PlanBench.With("memmap", "2M$0x1000000")),
                        PlanBench.Crash("oops"),
                        PlanBench.Cold(),
                        PlanBench.Expect()
                    ),
                    _scratch
                ),
            Throws
                .TypeOf<UsageException>()
                .With.Message.EqualTo(
                    $"{PlanBench.Line(11)}: memmap 2M$0x1000000 would take the place of what keeps the "
                        + "store out of the guest's own memory; leave it out"
                )
        );

    private Plan Plan(string reserved)
    {
        var options = new BootOptions(
            new Dictionary<string, string> { ["reserve_mem"] = reserved, ["ramoops.mem_name"] = "oops" },
            null,
            null
        );
        var @case = PlanBench.Case(
            "ramoops",
            PlanBench.Boot(options: options),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Expect()
        );
        return PlanBench.Plan(@case with { StoreSize = 8 << 20 }, _scratch);
    }
}
