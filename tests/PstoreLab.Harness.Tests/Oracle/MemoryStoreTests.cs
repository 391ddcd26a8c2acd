using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>
/// What a reader must show of a ramoops area that is not where it looks for it; and records that are no dumps.
/// </summary>
public class MemoryStoreTests
{
    private const long First = 0x20000000;
    private const int Zone = 0x8000;

    private CaseEvidence _case = null!;

    [SetUp]
    public void TakeARealCase()
    {
        _case = new CaseEvidence { Backend = "ramoops", Address = First };
        _case.Records.Remove(CaseEvidence.Older);
    }

    [TearDown]
    public void PutItAway() => _case.Dispose();

    [TestCase(First + Zone, First + Zone, "dmesg-ramoops-0")]
    [TestCase(First + Zone, First, "dmesg-ramoops-1")]
    [TestCase(First, First + Zone, null)]
    [TestCase(First, First + 0x1000, null)]
    [TestCase(First + 0x1000, First, null)]
    public async Task What_is_shown_depends_on_where_the_reader_looks(long writer, long reader, string? file)
    {
        Write(Parameters(writer), RecordType.Dmesg, _case.Records[CaseEvidence.Newest]);
        Read(Parameters(reader), file is null ? [] : new() { [file] = _case.Records[CaseEvidence.Newest] });
        _case.Expected = _case.Expected with
        {
            Records = file is null ? [] : [CaseEvidence.WholePanic with { Name = file }],
        };
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
    }

    [TestCase(First, "dmesg-ramoops-1 (")]
    [TestCase(First + (2 * Zone), "dmesg-ramoops-0 (")]
    [TestCase(First + Zone + 0x1000, "dmesg-ramoops-0 (")]
    public async Task A_wrong_address_is_found_by_what_is_shown(long told, string named)
    {
        Write(Parameters(First + Zone), RecordType.Dmesg, _case.Records[CaseEvidence.Newest]);
        Read(Parameters(told), new() { ["dmesg-ramoops-0"] = _case.Records[CaseEvidence.Newest] });
        Assert.That(
            await _case.FaultAsync(),
            Does.StartWith("/sys/fs/pstore is not what the store holds: ").And.Contain(named)
        );
    }

    [Test]
    public async Task An_area_outside_of_the_store_is_named()
    {
        Write(Parameters(First), RecordType.Dmesg, _case.Records[CaseEvidence.Newest]);
        Read(Parameters(First - Zone), new() { ["dmesg-ramoops-0"] = _case.Records[CaseEvidence.Newest] });
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo(
                "the store as boot 2 found it cannot be decoded: ramoops.mem_address is 0x1fff8000, and "
                    + "the store is the memory from 0x20000000 to 0x2003ffff"
            )
        );
    }

    [TestCase("1 2 3 4 5 6 7 8", null)]
    [TestCase("6 7 8", null)]
    [TestCase("1 2 3 5 6 7 8", "1 of 8 marker lines are missing: 4")]
    [TestCase("5 6 7", "1 of 8 marker lines are missing: 8")]
    [TestCase("6 7 7 8", "marker lines are there more than once: 7")]
    [TestCase("6 8 7", "marker lines are out of order")]
    public async Task A_ring_may_forget_its_oldest_lines_and_no_others(string markers, string? fault)
    {
        string text = string.Concat(
            markers.Split(' ').Select(number => $"pstorelab: mark {CaseEvidence.Nonce} {number}/8\n")
        );
        var parameters = Parameters(First, pmsg: "0x1000");
        Write(parameters, RecordType.Pmsg, text);
        Read(parameters, new() { ["pmsg-ramoops-0"] = text });
        _case.Record = Of("pmsg", RecordContent.Nonce);
        if (fault is null)
            Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Passed));
        else
            Assert.That(await _case.FaultAsync(), Is.EqualTo($"pmsg-ramoops-0 of crash 1: {fault}"));
    }

    [Test]
    public async Task Pmsg_of_another_crash_is_not_taken_for_the_one()
    {
        string text = "pstorelab: mark 0123456789abcdef 1/8\n";
        var parameters = Parameters(First, pmsg: "0x1000");
        Write(parameters, RecordType.Pmsg, text);
        Read(parameters, new() { ["pmsg-ramoops-0"] = text });
        _case.Record = Of("pmsg", RecordContent.Nonce);
        Assert.That(
            (await _case.JudgeAsync()).Findings.Where(finding => !finding.Held).Select(finding => finding.Text),
            Is.EqualTo([
                $"no pmsg record of crash 1 (nonce {CaseEvidence.Nonce}); there is pmsg-ramoops-0 (with no "
                    + "nonce of this case)",
                "a record nobody expected: pmsg-ramoops-0 (with no nonce of this case)",
            ])
        );
    }

    [Test]
    public async Task A_console_record_is_everything_that_the_serial_console_showed()
    {
        string said = new BootConsole(_case.Console).KernelLog;
        ShowConsole(said);
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(judgement.Findings[0].Text, Does.EndWith("all that was written"));
    }

    [Test]
    public async Task A_console_record_of_a_ring_that_wrapped_is_the_newest_that_the_serial_console_showed()
    {
        string said = new BootConsole(_case.Console).KernelLog;
        ShowConsole(said[^(0x2000 - 12)..], size: "0x2000");
        Assert.That((await _case.JudgeAsync()).Findings[0].Text, Does.EndWith("the last that was written"));
    }

    [Test]
    public async Task A_console_record_that_is_not_what_the_serial_console_showed_is_told()
    {
        string said = new BootConsole(_case.Console).KernelLog;
        ShowConsole(said[..^1]);
        Assert.That(
            await _case.FaultAsync(),
            Does.Contain("the last 1 bytes are missing").And.EndsWith("lost by the writer: the store holds no more")
        );
        ShowConsole(said[100..]);
        Assert.That(
            await _case.FaultAsync(),
            Does.Contain($"the first 100 bytes of {said.Length} are missing, although the ring had room for more")
        );
        ShowConsole(said + "[    9.000000] what another boot says\n");
        Assert.That(await _case.FaultAsync(), Does.Contain("\"[    9.000000] what another boot says\""));
    }

    [Test]
    public async Task A_record_holds_the_texts_that_it_is_asked_for()
    {
        ShowConsole(new BootConsole(_case.Console).KernelLog);
        _case.Record = Of("console", RecordContent.WholeTail) with { Holds = ["sysrq: Trigger a crash", "never said"] };
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo("console-ramoops-0 of crash 1: it does not contain \"never said\"")
        );
    }

    private void ShowConsole(string text, string size = "0x10000")
    {
        var parameters = Parameters(First);
        parameters["ramoops.console_size"] = size;
        Write(parameters, RecordType.Console, text);
        Read(parameters, new() { ["console-ramoops-0"] = text });
        _case.Record = Of("console", RecordContent.WholeTail);
    }

    [Test]
    public async Task What_is_missing_beside_other_records_is_no_empty_store()
    {
        Write(Parameters(First), RecordType.Dmesg, _case.Records[CaseEvidence.Newest]);
        Read(Parameters(First), new() { ["dmesg-ramoops-0"] = _case.Records[CaseEvidence.Newest] });
        _case.Expected = _case.Expected with { Records = [CaseEvidence.WholePanic, Of("pmsg", RecordContent.Nonce)] };
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo(
                $"no pmsg record of crash 1 (nonce {CaseEvidence.Nonce}); there is nothing but what else is expected"
            )
        );
    }

    private static ExpectedRecord Of(string type, RecordContent content) =>
        CaseEvidence.WholePanic with
        {
            Type = type,
            Reason = null,
            Content = content,
        };

    private static Dictionary<string, string> Parameters(long address, string pmsg = "0") =>
        new()
        {
            ["ramoops.mem_address"] = $"0x{address:x}",
            ["ramoops.mem_size"] = "0x20000",
            ["ramoops.record_size"] = $"0x{Zone:x}",
            ["ramoops.console_size"] = "0",
            ["ramoops.ftrace_size"] = "0",
            ["ramoops.pmsg_size"] = pmsg,
        };

    private void Write(Dictionary<string, string> parameters, string type, string text)
    {
        var options = new StoreOptions { Parameters = parameters, Address = First };
        _case.Store = StoreFormats.Get(StoreKind.Ramoops).CreateEmpty(256 << 10, options);
        Assert.That(
            StoreFormats
                .Get(StoreKind.Ramoops)
                .Write(_case.Store, options, new RecordToWrite(type, RecordText.ToBytes(text)))
        );
    }

    private void Read(Dictionary<string, string> parameters, Dictionary<string, string> shown)
    {
        foreach (var (name, value) in parameters)
            _case.Parameters[name] = value;
        _case.Show(files =>
        {
            files.Clear();
            foreach (var (name, text) in shown)
                files[name] = text;
        });
    }
}
