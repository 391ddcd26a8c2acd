using System.Text.RegularExpressions;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>A record that really was is whole; each way to damage it is found and named.</summary>
public class RecordJudgementTests
{
    private CaseEvidence _case = null!;

    [SetUp]
    public void TakeARealCase() => _case = new CaseEvidence();

    [TearDown]
    public void PutItAway() => _case.Dispose();

    [Test]
    public async Task A_whole_record_passes()
    {
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(judgement.Reason, Is.Empty);
        Assert.That(
            judgement.Findings.Select(finding => (finding.Layer, finding.Text)),
            Is.EqualTo([
                (
                    "pstorefs",
                    $"{CaseEvidence.Newest} and 1 more part: 26718 bytes, 398 lines in 2 parts, whole to "
                        + "the last line, from the beginning of the log"
                ),
                ("store", "/sys/fs/pstore is what the store holds: 2 files, 26746 bytes"),
            ])
        );
    }

    [Test]
    public async Task A_missing_last_line_is_found()
    {
        _case.Damage(CaseEvidence.Newest, text => text[..text.LastIndexOf("\n<0>[", StringComparison.Ordinal)]);
        Assert.That(
            await _case.FaultAsync(),
            Does.Contain(
                "the last 1 lines (24 bytes of text) are missing, ending with \"[3.606064] Kernel "
                    + "Offset: disabled\""
            )
        );
    }

    [Test]
    public async Task A_tail_needs_no_marker_line()
    {
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Tail };
        _case.Records.Remove(CaseEvidence.Older);
        _case.Damage(
            CaseEvidence.Newest,
            text => "Panic#1 Part1\n" + text[(text.IndexOf(" 8/8\n", StringComparison.Ordinal) + 5)..]
        );
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(judgement.Findings[0].Text, Does.EndWith(" lines in 1 part, nothing missing up to the last line"));
    }

    [Test]
    public async Task A_missing_line_in_the_middle_is_found()
    {
        _case.Damage(CaseEvidence.Newest, text => Regex.Replace(text, @"<4>\[ +[0-9.]+\]  __handle_sysrq[^\n]*\n", ""));
        Assert.That(
            await _case.FaultAsync(),
            Does.Contain(
                "differs: the record has \"[3.594623]  write_sysrq_trigger+0x24/0x40\", the console "
                    + "\"[3.594319]  __handle_sysrq.cold+0x44/0x11c\""
            )
        );
    }

    [Test]
    public async Task An_altered_byte_is_found()
    {
        _case.Damage(CaseEvidence.Newest, text => text.Replace("sysrq_handle_crash", "sysrq_haNdle_crash"));
        Assert.That(
            await _case.FaultAsync(),
            Does.Contain("the record has \"[3.594007]  sysrq_haNdle_crash+0x16/0x20\"")
        );
    }

    [Test]
    public async Task An_altered_control_byte_is_shown_so_that_no_terminal_obeys_it()
    {
        _case.Damage(CaseEvidence.Newest, text => text.Replace("sysrq_handle_crash", "sysrq\x1b[2Jcrash"));
        Assert.That(await _case.FaultAsync(), Does.Contain(@"sysrq\x1b[2Jcrash").And.Not.Contain("\x1b"));
    }

    [Test]
    public async Task An_altered_first_line_is_found()
    {
        _case.Records.Remove(CaseEvidence.Older);
        _case.Damage(CaseEvidence.Newest, text => text.Replace("Mountpoint-cache hash", "Mountpoint-cache h\0sh"));
        Assert.That(
            await _case.FaultAsync(),
            Does.Contain("the record begins with a line that the console never showed")
        );
    }

    [Test]
    public async Task A_repeated_line_is_found()
    {
        _case.Damage(
            CaseEvidence.Newest,
            text => Regex.Replace(text, @"(<4>\[ +[0-9.]+\]  dump_stack_lvl[^\n]*\n)", "$1$1")
        );
        Assert.That(
            await _case.FaultAsync(),
            Does.Contain(
                "differs: the record has \"[3.592981]  dump_stack_lvl+0x44/0x5c\", the console "
                    + "\"[3.593482]  panic+0x118/0x2f4\""
            )
        );
    }

    [Test]
    public async Task Lines_after_the_last_one_are_found()
    {
        _case.Damage(CaseEvidence.Newest, text => text + "<4>[    3.700000] and another thing\n");
        Assert.That(
            await _case.FaultAsync(),
            Does.Contain(
                "the record continues for 1 lines after the console's last, with \"[3.700000] and another thing\""
            )
        );
    }

    [Test]
    public async Task A_record_of_another_crash_is_not_taken_for_the_one()
    {
        _case.Damage(CaseEvidence.Newest, text => text.Replace(CaseEvidence.Nonce, "0123456789abcdef"));
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            judgement.Findings.Select(finding => finding.Text),
            Is.EqualTo([
                $"no dmesg record of crash 1 (nonce {CaseEvidence.Nonce}); there is {CaseEvidence.Newest} "
                    + "and 1 more part (with no nonce of this case)",
                $"a record nobody expected: {CaseEvidence.Newest} and 1 more part (with no nonce of this case)",
                "/sys/fs/pstore is what the store holds: 2 files, 26746 bytes",
            ])
        );
        Assert.That(judgement.Reason, Does.EndWith("(and 1 more)"));
    }

    [Test]
    public async Task A_record_too_many_is_found()
    {
        _case.Records["dmesg-erst-7710738641999999999"] = "Oops#1 Part1\n<4>[    9.000000] something else\n";
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo("a record nobody expected: dmesg-erst-7710738641999999999 (with no nonce of this case)")
        );
    }

    [Test]
    public async Task The_same_record_twice_is_found()
    {
        _case.Records["dmesg-erst-7710738999999999337"] = _case.Records[CaseEvidence.Newest];
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Failed));
    }

    [Test]
    public async Task No_record_at_all_is_found()
    {
        _case.Records.Clear();
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo($"no dmesg record of crash 1 (nonce {CaseEvidence.Nonce}): /sys/fs/pstore is empty")
        );
    }

    [Test]
    public async Task No_record_is_as_expected_when_none_is()
    {
        _case.Records.Clear();
        _case.Expected = _case.Expected with { Records = [] };
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(
            judgement.Findings.Select(finding => finding.Text),
            Is.EqualTo(["no record in erst, as expected", "/sys/fs/pstore is what the store holds: no file"])
        );
    }

    [Test]
    public async Task A_record_is_found_when_none_is_expected()
    {
        _case.Expected = _case.Expected with { Records = [] };
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo($"a record nobody expected: {CaseEvidence.Newest} and 1 more part (of crash 1)")
        );
    }

    [Test]
    public async Task A_file_that_is_no_record_is_found()
    {
        _case.Show(shown => shown["core\x1b[31m"] = "");
        var judgement = await _case.JudgeAsync();
        Assert.That(
            judgement.Findings.Where(finding => !finding.Held).Select(finding => finding.Text),
            Is.EqualTo([
                @"a file that is no record: core\x1b[31m",
                "/sys/fs/pstore is not what the store holds: core\x1b[31m (0 bytes) is shown and not in the store",
            ])
        );
    }

    [Test]
    public async Task A_missing_part_is_found()
    {
        _case.Records["dmesg-erst-7710738641726734339"] = _case
            .Records[CaseEvidence.Older]
            .Replace("Panic#1 Part2", "Panic#1 Part3");
        _case.Records.Remove(CaseEvidence.Older);
        Assert.That(await _case.FaultAsync(), Does.Contain("part 2 missing"));
    }

    [Test]
    public async Task A_missing_newest_part_is_found()
    {
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Any };
        _case.Records.Remove(CaseEvidence.Newest);
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Passed), "it is not looked into");
        _case.Record = CaseEvidence.WholePanic;
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Failed));
    }

    [Test]
    public async Task A_wrong_reason_is_found()
    {
        _case.Damage(CaseEvidence.Newest, text => text.Replace("Panic#1", "Oops#1"));
        _case.Records.Remove(CaseEvidence.Older);
        Assert.That(
            await _case.FaultAsync(),
            Does.StartWith($"{CaseEvidence.Newest} of crash 1: its reason is Oops, not Panic; its parts are ")
        );
    }

    [Test]
    public async Task A_record_without_a_header_has_no_readable_reason()
    {
        _case.Damage(CaseEvidence.Newest, text => text.Replace("Panic#1 Part1\n", ""));
        _case.Records.Remove(CaseEvidence.Older);
        Assert.That(await _case.FaultAsync(), Does.Contain("its reason is not readable, not Panic"));
    }

    [TestCase("\nECC: 3 Corrected bytes, 2 unrecoverable blocks\n", RecordContent.Nonce)]
    [TestCase("\nECC: 3 Corrected bytes, 2 unrecoverable blocks\n", RecordContent.WholeTail)]
    [TestCase("\n3 Corrected bytes, 2 unrecoverable blocks\n", RecordContent.Nonce)]
    public async Task Blocks_beyond_repair_are_found(string notice, RecordContent content)
    {
        _case.Damage(CaseEvidence.Newest, text => text + notice);
        _case.Record = CaseEvidence.WholePanic with { Content = content };
        Assert.That(await _case.FaultAsync(), Does.EndWith($"{CaseEvidence.Newest} has 2 blocks beyond repair"));
    }

    [TestCase("\nECC: No errors detected\n")]
    [TestCase("\nECC: 3 Corrected bytes, 0 unrecoverable blocks\n")]
    public async Task A_notice_of_good_health_is_no_part_of_the_record(string notice)
    {
        _case.Damage(CaseEvidence.Newest, text => text + notice);
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
    }

    [TestCase(7, 1, true)]
    [TestCase(6, 1, false)]
    [TestCase(7, 0, false)]
    [TestCase(0, 0, false)]
    public async Task What_error_correction_says_of_all_parts_is_what_was_expected(int corrected, int lost, bool held)
    {
        _case.Damage(CaseEvidence.Newest, text => text + "\nECC: 3 Corrected bytes, 0 unrecoverable blocks\n");
        _case.Damage(CaseEvidence.Older, text => text + "\nECC: 4 Corrected bytes, 1 unrecoverable blocks\n");
        _case.Record = CaseEvidence.WholePanic with { Ecc = new EccExpectation(corrected, lost) };
        if (!held)
        {
            Assert.That(
                await _case.FaultAsync(),
                Does.Contain(
                    "error correction says that it corrects 7 bytes and loses 1 blocks, not that it "
                        + $"corrects {corrected} bytes and loses {lost} blocks"
                )
            );
            return;
        }

        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(judgement.Findings[0].Text, Does.EndWith(", error correction corrects 7 bytes and loses 1 blocks"));
    }

    [Test]
    public async Task A_kernel_that_says_nothing_of_error_correction_does_not_say_that_there_was_nothing_to_mend()
    {
        _case.Record = CaseEvidence.WholePanic with { Ecc = new EccExpectation(0, 0) };
        Assert.That(await _case.FaultAsync(), Does.Contain("the kernel says nothing of error correction"));
        _case.Damage(CaseEvidence.Newest, text => text + "\nECC: No errors detected\n");
        Assert.That(
            await _case.FaultAsync(),
            Does.Contain("the kernel says nothing of error correction"),
            "of one part"
        );
        _case.Damage(CaseEvidence.Older, text => text + "\nECC: No errors detected\n");
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Passed));
    }

    [Test]
    public async Task Records_that_fill_the_store_are_counted_and_not_taken_for_others()
    {
        _case.Records["dmesg-erst-5"] = "Panic#1 Part1\npstorelab: filler 1\n....";
        _case.Records["dmesg-erst-9"] = "Panic#1 Part1\npstorelab: filler 2\n....";
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(judgement.Findings[1].Text, Is.EqualTo("2 records that the store was filled with"));
        _case.Records["dmesg-erst-9"] = "Panic#1 Part1\n pstorelab: filler 2\n....";
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo("a record nobody expected: dmesg-erst-9 (with no nonce of this case)")
        );
    }

    [Test]
    public async Task A_record_that_is_still_compressed_is_not_one_that_can_be_read()
    {
        _case.LeaveCompressed();
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo(
                $"{CaseEvidence.Newest}.enc.z and 1 more part of crash 1: 2 of 2 parts came back as .enc.z ({Undone})"
            )
        );
    }

    [Test]
    public async Task One_part_that_is_still_compressed_keeps_a_record_from_being_whole(
        [Values(RecordContent.WholeTail, RecordContent.Nonce)] RecordContent content
    )
    {
        _case.Record = CaseEvidence.WholePanic with { Content = content };
        _case.LeaveCompressed(CaseEvidence.Older);
        Assert.That(
            (await BrokenAsync())[0],
            Does.Contain(
                "1 of 2 parts came back as .enc.z (deflate, which 6.1.0-50-amd64 did not decompress; decompressed "
                    + "here: "
            )
        );
    }

    [Test]
    public async Task Parts_that_are_still_compressed_are_one_record_that_is_undone_here()
    {
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Compressed };
        _case.LeaveCompressed();
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(judgement.Findings[0].Text, Is.EqualTo($"{CaseEvidence.Newest}.enc.z and 1 more part: {Undone}"));
    }

    [Test]
    public async Task A_record_that_can_be_read_is_not_one_that_cannot()
    {
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Compressed };
        Assert.That(await _case.FaultAsync(), Does.EndWith(": 2 of 2 parts came back readable"));
        _case.LeaveCompressed(CaseEvidence.Older);
        Assert.That((await BrokenAsync())[0], Does.EndWith(": 1 of 2 parts came back readable"));
    }

    [Test]
    public async Task A_record_that_is_still_compressed_and_of_another_crash_is_not_taken_for_the_one()
    {
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Compressed };
        _case.Damage(CaseEvidence.Newest, text => text.Replace(CaseEvidence.Nonce, "0123456789abcdef"));
        _case.LeaveCompressed();
        Assert.That(
            (await BrokenAsync())[0],
            Does.StartWith("no dmesg record of crash 1 ")
                .And.EndWith(".enc.z and 1 more part (with no nonce of this case)")
        );
    }

    [Test]
    public async Task A_missing_part_of_a_record_that_is_still_compressed_is_found()
    {
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Compressed };
        _case.Records["dmesg-erst-7710738641726734339"] = _case
            .Records[CaseEvidence.Older]
            .Replace("Panic#1 Part2", "Panic#1 Part3");
        _case.Records.Remove(CaseEvidence.Older);
        _case.LeaveCompressed();
        Assert.That(await _case.FaultAsync(), Does.Contain("part 2 missing"));
    }

    [Test]
    public async Task What_a_record_lacks_that_is_still_compressed_is_said()
    {
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Compressed };
        _case.Damage(CaseEvidence.Newest, text => text[..text.LastIndexOf("\n<0>[", StringComparison.Ordinal)]);
        _case.LeaveCompressed();
        Assert.That((await _case.JudgeAsync()).Findings[0].Text, Does.Contain(", not whole: the last 1 lines "));
    }

    [Test]
    public async Task A_record_that_cannot_be_undone_here_either_has_to_have_been_damaged_on_purpose()
    {
        _case.Record = CaseEvidence.WholePanic with { Reason = null, Content = RecordContent.Compressed };
        Spoil();
        Assert.That(
            await _case.FaultAsync(),
            Does.Contain("it cannot be decompressed here either, although nothing damaged it on purpose: no ")
        );
        await _case.DamageStoreAsync();
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(
            judgement.Findings[0].Text,
            Does.StartWith($"{CaseEvidence.Newest}.enc.z: 35 bytes, which cannot be decompressed here either: no ")
        );
        _case.Record = CaseEvidence.WholePanic;
        Assert.That(
            (await BrokenAsync())[0],
            Does.Contain($"there is {CaseEvidence.Newest}.enc.z (which cannot be decompressed here either: ")
        );
    }

    [TestCase("*.enc.z", Verdict.Passed)]
    [TestCase("dmesg-erst-*", Verdict.Passed)]
    [TestCase("*-efi-*", Verdict.Failed)]
    public async Task A_record_that_is_still_compressed_can_be_expected(string name, Verdict expected)
    {
        _case.LeaveCompressed();
        _case.Record = CaseEvidence.WholePanic with { Reason = null, Content = RecordContent.Compressed, Name = name };
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_missing_marker_is_found()
    {
        _case.Damage(
            CaseEvidence.Newest,
            text => Regex.Replace(text, @"<[0-9]+>\[ +[0-9.]+\] pstorelab: mark \w+ 3/8\n", "")
        );
        Assert.That(await _case.FaultAsync(), Does.Contain("1 of 8 marker lines are missing: 3"));
    }

    [Test]
    public async Task Markers_out_of_order_are_found()
    {
        _case.Damage(
            CaseEvidence.Newest,
            text => text.Replace(" 3/8", " X/8").Replace(" 4/8", " 3/8").Replace(" X/8", " 4/8")
        );
        Assert.That(await _case.FaultAsync(), Does.Contain("marker lines are out of order"));
    }

    [Test]
    public async Task A_repeated_marker_is_found()
    {
        _case.Damage(CaseEvidence.Newest, text => text.Replace(" 3/8", " 2/8"));
        Assert.That(
            await _case.FaultAsync(),
            Does.Contain("marker lines are there more than once: 2").And.Contain("missing: 3")
        );
    }

    [Test]
    public async Task A_console_without_a_kernel_makes_no_record_whole()
    {
        _case.Console = "SeaBIOS (version 1.16.2)\r\n";
        Assert.That(
            await _case.FaultAsync(),
            Does.Contain("the console of the crash holds no kernel line to compare with")
        );
    }

    [Test]
    public async Task Only_the_nonce_is_asked_of_a_record_when_no_more_is()
    {
        _case.Damage(CaseEvidence.Newest, text => text.Replace("sysrq_handle_crash", "sysrq_haNdle_crash"));
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Nonce };
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
    }

    [TestCase("[    3.700000] ---[ end Kernel panic - not syncing: sysrq triggered crash ]---\r\n")]
    [TestCase("[    3.700000] Rebooting in 1 seconds..\r\n")]
    [TestCase("[    3.700000] pstore: backend (erst) writing error (-28)\r\n")]
    [TestCase("\r\nSeaBIOS (version 1.16.2-debian-1.16.2-1)\r\n")]
    public async Task What_is_printed_after_the_dump_is_no_part_of_the_record(string after)
    {
        _case.Console += after;
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
    }

    private const string Undone =
        "deflate, which 6.1.0-50-amd64 did not decompress; decompressed here: 26718 bytes, 398 lines in 2 parts, whole "
        + "to the last line";

    private async Task<IReadOnlyList<string>> BrokenAsync()
    {
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Failed));
        return [.. judgement.Findings.Where(finding => !finding.Held).Select(finding => finding.Text)];
    }

    private void Spoil()
    {
        _case.Records.Remove(CaseEvidence.Older);
        _case.Records.Remove(CaseEvidence.Newest);
        _case.Records[CaseEvidence.Newest + ".enc.z"] = "\x28\xb5\x2f\xfd and what zstd made of the rest";
    }
}
