using System.Text;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Replays;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Plans;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Replays;

/// <summary>What one guest showed of a store, against what it is to show.</summary>
public class ReplayJudgeTests
{
    private const string Name = "dmesg-ramoops-0";
    private const string Text = "Panic#1 Part1\n<4>[    1.000000] a line\n";

    private ScratchFolder _folder = null!;
    private Plan _plan = null!;
    private byte[] _store = null!;

    [SetUp]
    public void MakeAStore()
    {
        _folder = new ScratchFolder();
        _plan = Planner.Plan(
            PlanBench.Case(PlanBench.Boot()) with
            {
                Backend = "ramoops",
            },
            PlanBench.Images(_folder),
            "tcg",
            () => "0"
        );
        var format = StoreFormats.Get(StoreKind.Ramoops);
        var options = _plan.StoreOptionsOf(_plan.Boots[0]);
        _store = format.CreateEmpty(_plan.Store.Size, options);
        Assert.That(format.Write(_store, options, new RecordToWrite(RecordType.Dmesg, Encoding.Latin1.GetBytes(Text))));
    }

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    [Test]
    public void What_was_predicted_is_no_difference() => Assert.That(Differences(Answer()), Is.Empty);

    [Test]
    public void Another_byte_is() =>
        Assert.That(
            Differences(Answer((Name, Text.Replace("a line", "a life")))),
            Has.One.StartsWith($"{Name} differs from byte ")
        );

    [Test]
    public void An_area_of_another_byte_order_is_an_empty_one()
    {
        var format = StoreFormats.Get(StoreKind.Ramoops);
        var options = _plan.StoreOptionsOf(_plan.Boots[0]) with { Endian = Endianness.Big };
        _store = format.CreateEmpty(_plan.Store.Size, options);
        Assert.That(format.Write(_store, options, new RecordToWrite(RecordType.Dmesg, Encoding.Latin1.GetBytes(Text))));
        Assert.That(ReplayJudge.Predict(_plan, _store).Files, Is.Empty);
    }

    [Test]
    public void So_is_a_file_that_is_missing_and_one_too_many() =>
        Assert.That(
            Differences(Answer(("console-ramoops-0", "x"))),
            Is.EqualTo(
                (string[])
                    [
                        $"{Name} ({Text.Length} bytes) is not shown",
                        "console-ramoops-0 (1 bytes) is shown and not in the store",
                    ]
            )
        );

    [Test]
    public void No_backend_and_an_error_are_no_empty_store()
    {
        _store = StoreFormats.Get(StoreKind.Ramoops).CreateEmpty(_store.Length, _plan.StoreOptionsOf(_plan.Boots[0]));
        Assert.That(Differences(new ReplayAnswer(0, Entries(("backend", "ramoops\n")))), Is.Empty);
        Assert.That(
            Differences(new ReplayAnswer(0, Entries(("backend", "(null)\n")))),
            Is.EqualTo(["the kernel registered no backend"])
        );
        Assert.That(
            Differences(new ReplayAnswer(22, Entries(("backend", "ramoops\n")))),
            Is.EqualTo(["the kernel did not read the store again: errno 22"])
        );
    }

    [TestCase("WARNING: CPU: 0 PID: 1 at fs/pstore/ram_core.c:299 persistent_ram_save_old+0x1/0x2", true)]
    [TestCase("WARNING: CPU: 0 PID: 1 at mm/slub.c:299 kfree+0x1/0x2", false)]
    [TestCase("ramoops: using 0x100000@0x1f000000, ecc: 0", false)]
    public void A_report_with_pstore_in_it_is(string said, bool counts)
    {
        var answer = Answer((Name, Text), ("kmsg", $"4,1,2,-;{said}\n4,2,2,-;---[ end trace 0 ]---\n"));
        Assert.That(Differences(answer), counts ? Has.One.StartsWith("the kernel reported \"WARNING") : Is.Empty);
    }

    private IReadOnlyList<string> Differences(ReplayAnswer answer) =>
        ReplayJudge.Differences(_plan, ReplayJudge.Predict(_plan, _store), answer);

    private static ReplayAnswer Answer(params (string Name, string Content)[] files) =>
        new(0, Entries([("backend", "ramoops\n"), .. files.Length == 0 ? [(Name, Text)] : files]));

    private static Dictionary<string, byte[]> Entries(params (string Name, string Content)[] files) =>
        files.ToDictionary(file => file.Name, file => Encoding.Latin1.GetBytes(file.Content));
}
