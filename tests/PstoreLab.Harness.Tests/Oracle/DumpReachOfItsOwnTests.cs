using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>
/// How far back a dump reaches of which the store has several copies: at each inspection of the boot that shows its own
/// records, and as that boot left it.
/// </summary>
public class DumpReachOfItsOwnTests
{
    private static readonly BootNumber Own = new(1);
    private static readonly BootNumber Next = new(2);

    private CaseEvidence _case = null!;
    private byte[] _both = null!;
    private byte[] _newest = null!;
    private int _stored;

    /// <summary>What boot 1 does before its inspections.</summary>
    private List<PlanStep> _steps = null!;

    private static byte[] Nothing => new byte[256 << 10];

    [SetUp]
    public void TakeARealCase()
    {
        _case = new CaseEvidence();
        _both = _case.IntactStore();
        _stored = FoundStore
            .Decode(_both, StoreKind.Erst, StoreOptions.None, "")
            .Store!.Records.Sum(record => record.Payload.Length);
        _case.Records.Remove(CaseEvidence.Older);
        _newest = _case.IntactStore();
        _steps =
        [
            new Mark(CaseEvidence.First, CaseEvidence.Nonce, 8),
            new Oops(CaseEvidence.First, "oops", new AgentRequest.Trigger("oops"), "---[ end trace"),
        ];
    }

    [TearDown]
    public void PutItAway() => _case.Dispose();

    [Test]
    public async Task A_part_that_an_earlier_inspection_showed_counts()
    {
        Promise(6700);
        Assert.That(
            await OfAsync(Own, left: Nothing, _both, _newest),
            Is.EqualTo(new Reach($", {_stored} stored bytes of it for kmsg_bytes 6700", null, null))
        );
    }

    [Test]
    public async Task So_does_one_that_a_later_inspection_showed()
    {
        Promise(6700);
        Assert.That((await OfAsync(Own, left: Nothing, _newest, _both)).Fault, Is.Null);
    }

    [Test]
    public async Task What_the_next_boot_shows_is_what_this_one_left()
    {
        Promise(6700);
        Assert.That(
            await OfAsync(Next, left: _newest, _both, _both),
            Is.EqualTo(
                new Reach(
                    "",
                    "its parts are 6653 bytes in the store, 47 short of kmsg_bytes (6700), and the store had room for "
                        + "more",
                    null
                )
            )
        );
    }

    [Test]
    public async Task As_many_bytes_as_were_promised_are_enough()
    {
        Promise(6653);
        Assert.That(
            await OfAsync(Next, left: _newest, _newest),
            Is.EqualTo(new Reach(", 6653 stored bytes of it for kmsg_bytes 6653", null, null))
        );
    }

    [Test]
    public async Task What_is_promised_after_the_crash_is_no_promise_for_it()
    {
        _steps.Add(new NoteBackend(new AgentRequest.Mount("kmsg_bytes=6600")));
        Assert.That(
            (await OfAsync(Next, left: _newest, _newest)).Fault,
            Does.StartWith("its parts are 6653 bytes in the store, 3587 short of kmsg_bytes (10240), ")
        );
    }

    [Test]
    public async Task What_is_promised_after_another_crash_is()
    {
        var other = new CrashNumber(2);
        _steps.InsertRange(
            0,
            [
                new Mark(other, "0123456789abcdef", 8),
                new Oops(other, "oops", new AgentRequest.Trigger("oops"), "---[ end trace"),
                new NoteBackend(new AgentRequest.Mount("kmsg_bytes=6600")),
            ]
        );
        Assert.That((await OfAsync(Next, left: _newest, _newest)).Fault, Is.Null);
    }

    [Test]
    public async Task What_was_left_in_a_store_that_is_none_had_room()
    {
        Assert.That(
            await OfAsync(Next, left: [.. Enumerable.Repeat((byte)0x55, 256 << 10)], _newest),
            Is.EqualTo(
                new Reach(
                    "",
                    "its parts are 0 bytes in the store, 10240 short of kmsg_bytes (10240), and the store had room for "
                        + "more",
                    null
                )
            )
        );
    }

    [Test]
    public async Task What_was_lost_since_says_how_much_it_was() =>
        Assert.That(
            await OfAsync(Next, left: _newest, found: Nothing),
            Is.EqualTo(
                new Reach(
                    "",
                    "its parts are 0 bytes in the store, 10240 short of kmsg_bytes (10240), and were 6653 when the "
                        + "writer had ended",
                    null
                )
            )
        );

    [Test]
    public async Task A_promise_that_cannot_be_read_is_a_doubt()
    {
        _steps.Insert(0, new RunInGuest(1, "mount -o remount,kmsg_bytes=$n /sys/fs/pstore", 0, "cycle.yaml:3:5"));
        Assert.That(
            await OfAsync(Next, left: _newest, _newest),
            Is.EqualTo(new Reach("", null, "kmsg_bytes was set to what cannot be read from the plan"))
        );
    }

    [Test]
    public async Task A_backend_of_one_part_has_no_reach() =>
        Assert.That(await OfAsync(Next, left: _newest, backend: "ramoops"), Is.EqualTo(new Reach("", null, null)));

    private void Promise(int bytes) => _steps.Insert(0, new NoteBackend(new AgentRequest.Mount($"kmsg_bytes={bytes}")));

    private Task<Reach> OfAsync(BootNumber boot, byte[] left, params byte[][] shown) =>
        OfAsync(boot, left, "erst", null, shown);

    /// <param name="left">The store as boot 1 left it.</param>
    /// <param name="found">As boot 2 found it, where it was damaged since.</param>
    /// <param name="shown">As it was at each inspection of boot 1.</param>
    private async Task<Reach> OfAsync(
        BootNumber boot,
        byte[] left,
        string backend = "erst",
        byte[]? found = null,
        params byte[][] shown
    )
    {
        var folder = _case.Folder;
        Directory.CreateDirectory(folder.Boot(Own).Root);
        await File.WriteAllBytesAsync(folder.StoreBefore, Nothing);
        await File.WriteAllBytesAsync(folder.Boot(Own).Store, left);
        if (found is not null)
            await File.WriteAllBytesAsync(folder.Boot(Own).DamagedStore, found);
        for (int i = 0; i < shown.Length; i++)
            await File.WriteAllBytesAsync(folder.StoreShown(new InspectionNumber(i + 1)), shown[i]);
        var files = new Dictionary<string, byte[]>
        {
            [CaseEvidence.Newest] = RecordText.ToBytes(_case.Records[CaseEvidence.Newest]),
        };
        return new DumpReach(
            new AttemptEvidence(Plan(backend, shown.Length, found is not null), _case.Cycle!, folder)
        ).Of(
            FoundRecord.In(files, out _).Single(),
            CaseEvidence.WholePanic,
            ConsoleTail.Of(new BootConsole(_case.Console), CaseEvidence.Nonce),
            boot
        );
    }

    private Plan Plan(string backend, int inspections, bool isDamaged) =>
        new(
            "own",
            "",
            new Dictionary<string, string>(),
            backend,
            "tcg",
            512,
            [new PlannedKernel("debian-6.1", "6.1.176-1", "6.1.0-50-amd64")],
            [],
            new StoreTemplate(256 << 10, null, null),
            [
                Boot(
                    Own,
                    [
                        .. _steps,
                        .. Enumerable
                            .Range(1, inspections)
                            .Select(number => new Inspect(new InspectionNumber(number), _case.Expected)),
                        .. isDamaged ? [new DamageStore(1, new Truncate(1, 300))] : (PlanStep[])[],
                    ]
                ),
                Boot(Next, [new Inspect(new InspectionNumber(inspections + 1), _case.Expected)]),
            ],
            []
        );

    private static PlannedBoot Boot(BootNumber number, IEnumerable<PlanStep> steps) =>
        new(
            number,
            "debian-6.1",
            new Dictionary<string, string> { ["pstore.update_ms"] = "1000" },
            1,
            [new PowerOn("qemu", [], true), .. steps]
        );
}
