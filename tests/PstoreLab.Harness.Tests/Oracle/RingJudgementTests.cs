using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Records;
using PstoreLab.Records.Ftrace;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>
/// The rings of a ramoops area (console, pmsg, ftrace), whole and not: what was written to them, and whether they had
/// room for it.
/// </summary>
public class RingJudgementTests
{
    private const int RingHeader = 12;
    private const int ConsoleRoom = 0x2000 - RingHeader;
    private const string NoBeginning = "its first lines are missing, although the ring had room for more";
    private const string Writer = "; lost by the writer: the store holds no more";

    private readonly Dictionary<string, string> _parameters = new()
    {
        ["ramoops.mem_size"] = "0x20000",
        ["ramoops.record_size"] = "0x8000",
        ["ramoops.console_size"] = "0",
        ["ramoops.ftrace_size"] = "0",
        ["ramoops.pmsg_size"] = "0",
    };

    private readonly List<RecordToWrite> _written = [];
    private CaseEvidence _case = null!;

    [SetUp]
    public void TakeARealCase()
    {
        _case = new CaseEvidence { Backend = "ramoops" };
        _case.Records.Remove(CaseEvidence.Older);
        _case.Show(shown => shown.Clear());
        _written.Clear();
        foreach (string ring in (string[])["console", "ftrace", "pmsg"])
            _parameters[$"ramoops.{ring}_size"] = "0";
    }

    [TearDown]
    public void PutItAway() => _case.Dispose();

    private string KernelLog => new BootConsole(_case.Console).KernelLog;

    private static string Marks =>
        string.Concat(Enumerable.Range(1, 8).Select(number => $"pstorelab: mark {CaseEvidence.Nonce} {number}/8\n"));

    [Test]
    public async Task A_dump_of_a_backend_that_keeps_one_part_promises_nothing_of_the_beginning()
    {
        Dump();
        Assert.That(
            (await PassedAsync())[0],
            Does.StartWith("dmesg-ramoops-0: ").And.EndsWith(" lines in 1 part, whole to the last line")
        );
    }

    [Test]
    public async Task What_a_program_says_on_the_serial_console_is_not_in_the_ring_of_the_kernel_s()
    {
        Ring(RecordType.Console, KernelLog, 0x10000);
        ShareTheConsole();
        Assert.That((await PassedAsync())[0], Does.EndWith(", all that was written"));
    }

    [Test]
    public async Task Nor_is_it_in_one_that_wrapped_and_begins_in_the_middle_of_a_line()
    {
        string kept = KernelLog[^ConsoleRoom..];
        Assert.That(KernelLog[^(ConsoleRoom + 1)], Is.Not.EqualTo('\n'), "it begins in the middle");
        Ring(RecordType.Console, kept, 0x2000);
        ShareTheConsole();
        Assert.That((await PassedAsync())[0], Does.EndWith(", the last that was written"));
    }

    [Test]
    public async Task Lines_that_such_a_ring_had_room_for_are_missed_whoever_else_writes()
    {
        string kept = KernelLog[(KernelLog.IndexOf('\n') + 1)..];
        Ring(RecordType.Console, kept, 0x10000);
        ShareTheConsole();
        Assert.That(await _case.FaultAsync(), Is.EqualTo($"console-ramoops-0 of crash 1: {NoBeginning}{Writer}"));
    }

    [Test]
    public async Task A_line_that_is_altered_in_such_a_ring_is_found_whoever_else_writes()
    {
        Ring(RecordType.Console, KernelLog.Replace("sysrq_handle_crash", "sysrq_haNdle_crash"), 0x10000);
        ShareTheConsole();
        Assert.That(
            await _case.FaultAsync(),
            Does.Match("console-ramoops-0 of crash 1: line \\d+ of \\d+ differs: .*sysrq_haNdle_crash")
                .And.EndsWith(Writer)
        );
    }

    [Test]
    public async Task A_ring_that_the_store_does_not_hold_was_not_full()
    {
        _parameters["ramoops.console_size"] = "0x2000";
        string kept = KernelLog[100..];
        Shown("console-ramoops-0", kept);
        Expect(RecordType.Console);
        Empty();
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            (judgement.Findings[0].Layer, judgement.Findings[0].Text),
            Is.EqualTo(
                (
                    "store",
                    $"console-ramoops-0 of crash 1: the first 100 bytes of {KernelLog.Length} are missing, although "
                        + "the ring had room for more; the store holds nothing more of it"
                )
            )
        );
    }

    [Test]
    public async Task Each_ring_is_full_by_itself()
    {
        Ring(RecordType.Console, KernelLog[^ConsoleRoom..], 0x2000);
        string kept = Marks[^100..];
        Ring(RecordType.Pmsg, kept, 0x1000);
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo(
                $"pmsg-ramoops-0 of crash 1: the first {Marks.Length - 100} bytes of {Marks.Length} are missing, "
                    + $"although the ring had room for more{Writer}"
            )
        );
    }

    [Test]
    public async Task A_ring_beside_a_dump_is_full_by_itself()
    {
        Dump();
        Ring(RecordType.Console, KernelLog[^ConsoleRoom..], 0x2000);
        Assert.That((await PassedAsync())[1], Does.EndWith(", the last that was written"));
    }

    [Test]
    public async Task What_the_reader_lost_of_a_ring_is_looked_for_in_the_same_ring()
    {
        Dump();
        Ring(RecordType.Console, KernelLog, 0x10000);
        Shown("console-ramoops-0", KernelLog[..^1]);
        Assert.That(
            (await _case.JudgeAsync()).Findings[1].Text,
            Does.EndWith("; lost by the reader: the store holds all of it")
        );
    }

    [Test]
    public async Task Pmsg_is_the_marks_and_what_commands_said_there()
    {
        Commands("echo hi | tee /dev/pmsg0", "echo not there");
        Ring(RecordType.Pmsg, "answer 1\n" + Marks, 0x1000);
        Assert.That((await PassedAsync())[0], Does.EndWith(", all that was written"));
    }

    [Test]
    public async Task A_lost_answer_in_pmsg_is_missed()
    {
        Commands("echo hi | tee /dev/pmsg0");
        Ring(RecordType.Pmsg, Marks, 0x1000);
        Assert.That(
            await _case.FaultAsync(),
            Does.Contain($"the first 9 bytes of {Marks.Length + 9} are missing, although the ring had room for more")
        );
    }

    [Test]
    public async Task A_command_that_keeps_what_it_writes_to_itself_is_told()
    {
        Commands("echo a > /dev/pmsg0", "echo b > /dev/pmsg0");
        Ring(RecordType.Pmsg, Marks, 0x1000);
        Assert.That(
            await _case.FaultAsync(),
            Does.StartWith(
                "pmsg-ramoops-0 of crash 1: what `echo a > /dev/pmsg0` wrote to /dev/pmsg0 is not known: use "
                    + "`… | tee /dev/pmsg0`, so that it says it, too"
            )
        );
    }

    [Test]
    public async Task Calls_of_all_processors_without_a_gap_are_whole()
    {
        Calls([3, 5, 7], [2, 4, 6]);
        Assert.That((await PassedAsync())[0], Does.EndWith(", every call of a known function on CPU 0, 1"));
    }

    [Test]
    public async Task A_call_that_is_missing_among_those_of_all_processors_is_told()
    {
        Calls([3, 5, 9], [2, 4, 6]);
        Assert.That(
            await _case.FaultAsync(),
            Does.StartWith("ftrace-ramoops-0 of crash 1: 2 calls are missing between 6 and 9; ")
        );
    }

    [Test]
    public async Task A_processor_that_has_no_whole_call_is_not_named()
    {
        Calls([3, 4, 5], []);
        Assert.That((await PassedAsync())[0], Does.EndWith(", every call of a known function on CPU 0"));
    }

    private void Dump()
    {
        string text = _case.Records[CaseEvidence.Newest];
        Shown("dmesg-ramoops-0", text);
        Write(new RecordToWrite(RecordType.Dmesg, RecordText.ToBytes(text)));
        _case.Record = CaseEvidence.WholePanic;
    }

    private void Ring(string type, string text, int size)
    {
        _parameters[$"ramoops.{type}_size"] = $"0x{size:x}";
        Write(new RecordToWrite(type, RecordText.ToBytes(text)));
        Shown($"{type}-ramoops-0", text);
        Expect(type);
    }

    // The second processor's zone begins with what is left of a call.
    private void Calls(int[] first, int[] second)
    {
        _case.Cpus = 2;
        _parameters["ramoops.ftrace_size"] = "0x2000";
        FtraceEntry[] Of(int cpu, int[] stamps) =>
            [.. stamps.Select(stamp => new FtraceEntry(0xffffffff811b4760, 0xffffffff811b4c1f, (ulong)stamp, cpu))];
        byte[] Bytes(FtraceEntry[] entries) => [.. entries.SelectMany(FtraceFormat.Usual.ToBytes)];
        var (zone, other) = (Of(0, first), Of(1, second));
        Write(new RecordToWrite(RecordType.Ftrace, Bytes(other)) { Index = 0 });
        Write(new RecordToWrite(RecordType.Ftrace, (byte[])[.. new byte[5], .. Bytes(zone)]) { Index = 1 });
        Shown(
            "ftrace-ramoops-0",
            string.Concat(
                zone.Concat(other)
                    .OrderBy(entry => entry.Timestamp)
                    .Select(entry => $"{entry}  vfs_write <- ksys_write+0x9f/0xe0\n")
            )
        );
        Expect(RecordType.Ftrace);
    }

    private void Commands(params string[] commands)
    {
        _case.BeforeTheCrash = [.. commands.Select((text, i) => new RunInGuest(i + 1, text, 0, "cycle.yaml:3:5"))];
        for (int i = 1; i <= commands.Length; i++)
            File.WriteAllText(_case.Folder.Run(i), $"0\nanswer {i}\n");
    }

    private void ShareTheConsole()
    {
        const string Second = "[    3.492945] pstorelab: mark 5cc5902997e28ab6 2/8";
        Assert.That(_case.Console, Does.Contain(Second));
        _case.Console = _case.Console.Replace(Second, "\r\nguest login: \r\n" + Second);
        Commands("true");
    }

    private void Expect(string type) =>
        _case.Expected = _case.Expected with
        {
            Records =
            [
                .. _case.Expected.Records!.Where(record => _case.Shown!.Keys.Any(name => name.StartsWith(record.Type))),
                CaseEvidence.WholePanic with
                {
                    Type = type,
                    Reason = null,
                },
            ],
        };

    private void Shown(string file, string text) => _case.Show(shown => shown[file] = text);

    private void Empty() => _case.Store = StoreFormats.Get(StoreKind.Ramoops).CreateEmpty(256 << 10, Options());

    // A larger ring moves the others: all are written again.
    private void Write(RecordToWrite record)
    {
        _written.Add(record);
        Empty();
        foreach (var each in _written)
            Assert.That(StoreFormats.Get(StoreKind.Ramoops).Write(_case.Store, Options(), each));
    }

    private StoreOptions Options()
    {
        foreach (var (name, value) in _parameters)
            _case.Parameters[name] = value;
        return new StoreOptions
        {
            Parameters = _parameters,
            Cpus = _case.Cpus,
            Kernel = new Version(6, 1),
        };
    }

    private async Task<string[]> PassedAsync()
    {
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        return [.. judgement.Findings.Select(finding => finding.Text)];
    }
}
