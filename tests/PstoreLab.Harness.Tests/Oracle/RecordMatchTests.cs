using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;
using PstoreLab.Records.Compression;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>Which of the records that were found is the one expected, and what is said of it.</summary>
public class RecordMatchTests
{
    private static readonly BootNumber Reader = new(2);

    private CaseEvidence _case = null!;

    [SetUp]
    public void TakeARealCase() => _case = new CaseEvidence();

    [TearDown]
    public void PutItAway() => _case.Dispose();

    [TestCase("*7", false)]
    [TestCase("DMESG-*", false)]
    [TestCase("*41726734*", true)]
    public async Task Every_part_has_the_name_that_is_asked_for(string name, bool found)
    {
        _case.Record = CaseEvidence.WholePanic with { Name = name };
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(found ? Verdict.Passed : Verdict.Failed));
        if (!found)
            Assert.That(
                judgement.Findings[0].Text,
                Is.EqualTo(
                    $"no dmesg record of crash 1 (nonce {CaseEvidence.Nonce}) named {name}, though the store holds it "
                        + $"in slot 0 (live); there is {CaseEvidence.Newest} and 1 more part (of crash 1)"
                )
            );
    }

    [Test]
    public async Task Of_two_records_of_a_crash_the_one_with_the_reason_is_meant()
    {
        _case.Records.Clear();
        _case.Records["dmesg-erst-5"] = $"Oops#1 Part1\n<4>[    3.000000] pstorelab: mark {CaseEvidence.Nonce} 1/8\n";
        _case.Records["dmesg-erst-9"] = $"Panic#2 Part1\n<4>[    4.000000] pstorelab: mark {CaseEvidence.Nonce} 1/8\n";
        foreach (string reason in (string[])["Panic", "Oops"])
        {
            var found = (await JudgeOfAsync()).Claim(
                [.. Found()],
                CaseEvidence.WholePanic with
                {
                    Reason = reason,
                    Content = RecordContent.Nonce,
                },
                Reader
            );
            Assert.That(found!.Header!.Reason, Is.EqualTo(reason));
        }
    }

    [TestCase("ftrace")]
    [TestCase("mce")]
    public async Task Calls_and_machine_checks_have_no_marker_lines(string type)
    {
        var files = new Dictionary<string, byte[]> { [$"{type}-ramoops-0"] = "CPU:0 ts:1 1  2\n"u8.ToArray() };
        var found = (await JudgeOfAsync()).Claim(
            [.. FoundRecord.In(files, out _)],
            CaseEvidence.WholePanic with
            {
                Type = type,
                Content = RecordContent.Nonce,
            },
            Reader
        );
        Assert.That(found?.Type, Is.EqualTo(type));
    }

    [Test]
    public async Task A_tail_with_a_wrong_line_is_told_by_its_marker_lines()
    {
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Tail };
        _case.Damage(CaseEvidence.Newest, text => text.Replace("sysrq_handle_crash", "sysrq_haNdle_crash"));
        Assert.That(
            await _case.FaultAsync(),
            Does.StartWith($"{CaseEvidence.Newest} and 1 more part of crash 1: line ").And.Contain("differs")
        );
    }

    [Test]
    public async Task A_tail_without_marker_lines_is_told_by_being_one()
    {
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Tail };
        _case.Records.Remove(CaseEvidence.Older);
        _case.Damage(
            CaseEvidence.Newest,
            text => "Panic#1 Part1\n" + text[text.IndexOf("<4>[    3.59", StringComparison.Ordinal)..]
        );
        Assert.That(_case.Records[CaseEvidence.Newest], Does.Not.Contain(CaseEvidence.Nonce));
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
    }

    [TestCase(RecordContent.Tail, "nothing missing up to the last line")]
    [TestCase(RecordContent.Nonce, "of the right crash")]
    [TestCase(RecordContent.Any, "there")]
    public async Task What_a_record_is_as_expected_is_said(RecordContent content, string text)
    {
        _case.Record = CaseEvidence.WholePanic with { Content = content };
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(
            judgement.Findings[0],
            Is.EqualTo(
                new Finding(
                    true,
                    "pstorefs",
                    $"{CaseEvidence.Newest} and 1 more part: 26718 bytes, 398 lines in 2 parts, {text}",
                    "cycle.yaml:17:12"
                )
            )
        );
    }

    [Test]
    public async Task Any_record_need_not_be_readable()
    {
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Any };
        _case.LeaveCompressed();
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
    }

    [Test]
    public async Task Of_any_dump_with_the_nonce_no_more_marker_lines_are_asked()
    {
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Nonce };
        _case.Damage(CaseEvidence.Newest, text => text.Replace(" 8/8", " X/8"));
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
    }

    [TestCase(
        "\nECC: 3 Corrected bytes, 0 unrecoverable blocks\n",
        RecordContent.Nonce,
        "corrects 3 bytes and loses 0"
    )]
    [TestCase("\nECC: 0 Corrected bytes, 2 unrecoverable blocks\n", RecordContent.Any, "corrects 0 bytes and loses 2")]
    public async Task What_error_correction_did_is_said(string notice, RecordContent content, string said)
    {
        _case.Damage(CaseEvidence.Newest, text => text + notice);
        _case.Record = CaseEvidence.WholePanic with { Content = content };
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(judgement.Findings[0].Text, Does.EndWith($", error correction {said} blocks"));
    }

    [Test]
    public async Task Blocks_beyond_repair_are_those_of_all_parts()
    {
        _case.Damage(CaseEvidence.Newest, text => text + "\nECC: 3 Corrected bytes, 2 unrecoverable blocks\n");
        _case.Damage(CaseEvidence.Older, text => text + "\nECC: 4 Corrected bytes, 1 unrecoverable blocks\n");
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Any, Ecc = new EccExpectation(7, 3) };
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Passed));
    }

    [Test]
    public async Task One_part_is_no_parts()
    {
        _case.Records.Remove(CaseEvidence.Older);
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Any, Parts = new PartCount(2, 2) };
        Assert.That(await _case.FaultAsync(), Is.EqualTo($"{CaseEvidence.Newest} of crash 1: it has 1 part, not 2"));
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Any };
        Assert.That((await _case.JudgeAsync()).Findings[0].Text, Does.EndWith(" lines in 1 part, there"));
    }

    [Test]
    public async Task More_than_one_part_more_is_parts()
    {
        foreach (int part in (int[])[1, 2, 3])
            _case.Records[$"dmesg-erst-{part}"] = $"Emergency#9 Part{part}\n<4>[    9.00000{part}] line\n";
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo("a record nobody expected: dmesg-erst-1 and 2 more parts (with no nonce of this case)")
        );
    }

    [Test]
    public async Task All_that_is_there_instead_and_all_that_the_store_holds_is_named()
    {
        string mark = $"<4>[    3.000000] pstorelab: mark {CaseEvidence.Nonce} 1/8\n";
        _case.Damage(CaseEvidence.Older, text => text + mark);
        _case.Show(shown =>
        {
            shown.Clear();
            shown["dmesg-erst-5"] = "Oops#1 Part1\n<4>[    9.000000] one\n";
            shown["dmesg-erst-9"] = "Panic#8 Part1\n<4>[    9.000000] another\n";
        });
        Assert.That(
            (await _case.JudgeAsync()).Findings[0].Text,
            Is.EqualTo(
                $"no dmesg record of crash 1 (nonce {CaseEvidence.Nonce}), though the store holds it in slot 0 (live), "
                    + "slot 1 (live); there is dmesg-erst-5 (with no nonce of this case), dmesg-erst-9 (with no nonce "
                    + "of this case)"
            )
        );
    }

    [Test]
    public async Task All_that_the_console_cannot_tell_of_a_record_is_said()
    {
        Forge();
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(
            judgement.Reason,
            Is.EqualTo($"{CaseEvidence.Newest} and 1 more part of crash 1 cannot be judged: {Doubts}")
        );
    }

    [Test]
    public async Task What_the_console_cannot_tell_of_one_that_is_still_compressed_is_said()
    {
        Forge();
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Compressed };
        _case.LeaveCompressed();
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(judgement.Findings[0].Text, Does.EndWith($", perhaps not whole: {Doubts}"));
    }

    [Test]
    public async Task All_that_one_lacks_that_is_still_compressed_is_said()
    {
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Compressed };
        _case.Damage(
            CaseEvidence.Newest,
            text => text.Replace(" 3/8", " 9/8").Replace("sysrq_handle_crash", "sysrq_haNdle_crash")
        );
        _case.LeaveCompressed();
        Assert.That(
            (await _case.JudgeAsync()).Findings[0].Text,
            Does.Contain(
                ", not whole: 1 of 8 marker lines are missing: 3; marker lines are out of order; line 362 of 398 "
                    + "differs"
            )
        );
    }

    [Test]
    public async Task Each_method_of_one_that_is_still_compressed_is_named()
    {
        var found = Compressed(CompressionMethod.Deflate, CompressionMethod.Zstd);
        var finding = (await JudgeOfAsync()).Content(found, AnyCrash, RecordPlace.Pstorefs, Reader);
        Assert.That(
            finding.Text,
            Is.EqualTo(
                $"{CaseEvidence.Newest}.enc.z and 1 more part: deflate and zstd, which 6.1.0-50-amd64 did not "
                    + "decompress; decompressed here: 26718 bytes, 398 lines in 2 parts, whole to the last line"
            )
        );
    }

    [Test]
    public async Task A_kernel_that_never_said_its_release_is_called_the_kernel()
    {
        _case.Cycle = _case.Cycle! with { Boots = [_case.Cycle.Boots[0]] };
        var found = Compressed(CompressionMethod.Deflate, CompressionMethod.Deflate);
        var finding = (await JudgeOfAsync()).Content(found, AnyCrash, RecordPlace.Pstorefs, Reader);
        Assert.That(finding.Text, Does.Contain(": deflate, which the kernel did not decompress; "));
    }

    private const string Doubts =
        "the console has the line \"[3.490000] forged 2\", which is the kernel's or that of a program in the guest: "
        + "the record does not have it; the console has the line \"[3.490000] forged 4\", which is the kernel's or "
        + "that of a program in the guest: the record does not have it";

    private static ExpectedRecord AnyCrash =>
        CaseEvidence.WholePanic with
        {
            Crash = CrashNumber.Last,
            Content = RecordContent.Compressed,
        };

    /// <summary>Has a program write two lines that could be the kernel's.</summary>
    private void Forge()
    {
        _case.BeforeTheCrash = [new RunInGuest(1, "true", 0, "cycle.yaml:3:5")];
        File.WriteAllText(_case.Folder.Run(1), "0\n");
        foreach (int mark in (int[])[2, 4])
        {
            int at = _case.Console.IndexOf($"{CaseEvidence.Nonce} {mark}/8", StringComparison.Ordinal);
            int line = _case.Console.LastIndexOf('\n', at) + 1;
            _case.Console = _case.Console.Insert(line, $"[    3.490000] forged {mark}\r\n");
        }
    }

    private async Task<RecordJudge> JudgeOfAsync()
    {
        await _case.JudgeAsync();
        return new RecordJudge(new AttemptEvidence(PlanFile.Read(_case.Folder.Plan), _case.Cycle!, _case.Folder));
    }

    private IReadOnlyList<FoundRecord> Found() =>
        FoundRecord.In(_case.Records.ToDictionary(file => file.Key, file => RecordText.ToBytes(file.Value)), out _);

    private FoundRecord Compressed(CompressionMethod newest, CompressionMethod older) =>
        FoundRecord
            .In(
                new Dictionary<string, byte[]>
                {
                    [CaseEvidence.Newest + ".enc.z"] = RecordCompression.Compress(
                        newest,
                        RecordText.ToBytes(_case.Records[CaseEvidence.Newest])
                    ),
                    [CaseEvidence.Older + ".enc.z"] = RecordCompression.Compress(
                        older,
                        RecordText.ToBytes(_case.Records[CaseEvidence.Older])
                    ),
                },
                out _
            )
            .Single();
}
