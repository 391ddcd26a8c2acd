using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>An archive that is as it should be passes; each way in which it is not is found and named.</summary>
public class ArchiveJudgementTests
{
    private const string Dump = "7710738641726/001/";
    private const string TextFile = Dump + "dmesg.txt";
    private const string Other = "dmesg-erst-7710738641999999999";
    private const string OtherText = "Oops#1 Part1\n<4>[    9.000000] something else\n";

    private static readonly ExpectedArchive Whole = new(
        new SourceLocation("cycle.yaml", 18, 5),
        "dmesg",
        "Panic",
        CaseEvidence.First,
        ArchiveForm.Whole,
        null,
        RecordContent.WholeTail
    );

    private CaseEvidence _case = null!;
    private MadeSystemd _systemd = null!;

    /// <summary>
    /// Both parts of the panic are in the archive, each as its file and together as a text, and the store is free.
    /// </summary>
    [SetUp]
    public void TakeARealCaseAndArchiveIt()
    {
        _case = new CaseEvidence { Systemd = _systemd = new MadeSystemd() };
        _case.Show(shown => shown.Clear());
        foreach (var (name, content) in _case.Records)
        {
            _systemd.Put(Dump + name, content);
            _systemd.Journaled(name, content);
        }

        _systemd.Archive[TextFile] = new MadeFile(
            _case.Records[CaseEvidence.Older] + _case.Records[CaseEvidence.Newest],
            MadeSystemd.Private | UnixFileMode.GroupRead
        );
        _case.Expected = _case.Expected with { Records = [], Archive = [Whole] };
    }

    [TearDown]
    public void PutItAway() => _case.Dispose();

    private ExpectedArchive Archived
    {
        set => _case.Expected = _case.Expected with { Archive = [value] };
    }

    [Test]
    public async Task An_archive_that_is_as_it_should_be_passes()
    {
        _case.Expected = _case.Expected with { Journal = [CaseEvidence.WholePanic], Archiver = ArchiverOutcome.Ran };
        var findings = await PassedAsync();
        Assert.That(
            findings.Select(finding => finding.Layer),
            Is.EqualTo(new[] { "pstorefs", "archive", "archive", "journal", "store" })
        );
        Assert.That(findings[1].Text, Does.StartWith("systemd-pstore.service ran (ActiveState=active"));
        Assert.That(
            findings[2].Text,
            Is.EqualTo(
                $"{CaseEvidence.Newest} and 1 more part in {TextFile}: 26718 bytes, 398 lines in 2 parts, "
                    + "whole to the last line, from the beginning of the log"
            )
        );
        Assert.That(
            findings[3].Text,
            Does.StartWith($"{CaseEvidence.Newest} and 1 more part in the journal: ")
                .And.EndWith("whole to the last line, from the beginning of the log")
        );
        Assert.That(
            findings[4].Text,
            Is.EqualTo("/sys/fs/pstore is what the store holds: no file, and 2 that systemd-pstore took out of it")
        );
    }

    [TestCase(ArchiveForm.Reassembled, null)]
    [TestCase(ArchiveForm.Files, $"it is in {TextFile}, not only as its files")]
    [TestCase(ArchiveForm.Split, "it is not split")]
    [TestCase(ArchiveForm.Merged, "it is not merged")]
    [TestCase(ArchiveForm.Repeated, "it is not repeated")]
    public async Task A_text_of_its_own_is_whole_and_reassembled_and_nothing_else(ArchiveForm form, string? fault)
    {
        Archived = Whole with { Form = form };
        await HoldsAsync(fault);
    }

    [TestCase(ArchiveForm.Files, null)]
    [TestCase(ArchiveForm.Whole, "its 2 parts are in no dmesg.txt")]
    [TestCase(ArchiveForm.Reassembled, "it is in no dmesg.txt")]
    public async Task Files_without_a_text_are_files_and_nothing_else(ArchiveForm form, string? fault)
    {
        _systemd.Archive.Remove(TextFile);
        Archived = Whole with { Form = form };
        await HoldsAsync(fault);
    }

    [TestCase(ArchiveForm.Split, null)]
    [TestCase(ArchiveForm.Whole, "over 2 files, 7710738641726/001/dmesg.txt and 7710738641726/002/dmesg.txt")]
    public async Task A_split_dump_is_told_from_a_whole_one(ArchiveForm form, string? fault)
    {
        _systemd.Put(TextFile, _case.Records[CaseEvidence.Older]);
        _systemd.Put("7710738641726/002/dmesg.txt", _case.Records[CaseEvidence.Newest]);
        Archived = Whole with { Form = form };
        await HoldsAsync(fault);
    }

    [TestCase(ArchiveForm.Repeated, null)]
    [TestCase(ArchiveForm.Whole, "2 of its parts are in the texts up to 2 times")]
    public async Task A_repeated_dump_is_told_from_a_whole_one(ArchiveForm form, string? fault)
    {
        _systemd.Put(TextFile, _systemd.Archive[TextFile].Content + _systemd.Archive[TextFile].Content);
        Archived = Whole with { Form = form };
        await HoldsAsync(fault);
    }

    [TestCase(ArchiveForm.Merged, null)]
    [TestCase(ArchiveForm.Whole, $"in {TextFile} with 1 chunks of other dumps")]
    public async Task A_merged_dump_is_told_from_a_whole_one(ArchiveForm form, string? fault)
    {
        _case.Records[Other] = OtherText;
        _systemd.Put(Dump + Other, OtherText);
        _systemd.Put(TextFile, _systemd.Archive[TextFile].Content + OtherText);
        _case.Expected = _case.Expected with
        {
            Archive =
            [
                Whole with
                {
                    Form = form,
                },
                Whole with
                {
                    Source = new SourceLocation("cycle.yaml", 19, 5),
                    Reason = "Oops",
                    Form = ArchiveForm.Merged,
                    Content = RecordContent.Any,
                },
            ],
        };
        await HoldsAsync(fault);
    }

    [Test]
    public async Task A_part_that_the_text_lacks_is_found()
    {
        _systemd.Put(TextFile, _case.Records[CaseEvidence.Newest]);
        await HoldsAsync("1 of its 2 parts are in no dmesg.txt");
    }

    [Test]
    public async Task Parts_in_the_wrong_order_are_found()
    {
        _systemd.Put(TextFile, _case.Records[CaseEvidence.Newest] + _case.Records[CaseEvidence.Older]);
        await HoldsAsync("comes before");
    }

    [Test]
    public async Task An_altered_byte_of_the_text_is_found()
    {
        _systemd.Put(TextFile, _systemd.Archive[TextFile].Content.Replace("sysrq_handle_crash", "sysrq_haNdle_crash"));
        await HoldsAsync("differs from the original from its byte");
    }

    [Test]
    public async Task A_crash_that_is_not_there_is_missed_and_what_is_there_is_named()
    {
        _systemd.Archive.Clear();
        await HoldsAsync(
            "no dmesg record of crash 1 in the archive",
            "/sys/fs/pstore is not what the store holds",
            journaled: false
        );
        _case.Records[Other] = OtherText;
        _systemd.Put(Dump + Other, OtherText);
        var faults = (await _case.JudgeAsync())
            .Findings.Where(finding => !finding.Held)
            .Select(finding => finding.Text)
            .ToList();
        Assert.That(
            faults[0],
            Is.EqualTo($"no dmesg record of crash 1 in the archive; there is {Other} in {Dump}{Other}")
        );
        Assert.That(
            faults[1],
            Is.EqualTo($"a record nobody expected in {Dump}{Other}: {Other} (with no nonce of this case)")
        );
    }

    [Test]
    public async Task A_crash_that_nobody_expected_is_found()
    {
        _case.Records[Other] = OtherText;
        _systemd.Put(Dump + Other, OtherText);
        await HoldsAsync($"a record nobody expected in {Dump}{Other}: {Other} (with no nonce of this case)");
        _case.Expected = _case.Expected with { Archive = [] };
        Assert.That(
            (await _case.JudgeAsync()).Findings.Count(finding => finding.Text.StartsWith("a record nobody expected")),
            Is.EqualTo(2),
            "of an archive where nothing should be"
        );
    }

    [Test]
    public async Task Another_reason_is_found()
    {
        Archived = Whole with { Reason = "Oops" };
        await HoldsAsync("its reason is Panic, not Oops");
    }

    [TestCase("*/001/dmesg.txt", null)]
    [TestCase(TextFile, null)]
    [TestCase("*/dmesg-*", $"it is in {TextFile}, not in */dmesg-*")]
    public async Task The_path_has_to_be_the_one_that_was_asked_for(string path, string? fault)
    {
        Archived = Whole with { Path = path };
        await HoldsAsync(fault);
    }

    [TestCase(
        Dump + CaseEvidence.Newest,
        UnixFileMode.GroupRead,
        $"{Dump}{CaseEvidence.Newest} has mode 0640, not 0600"
    )]
    [TestCase(TextFile, UnixFileMode.GroupRead, null)]
    [TestCase(TextFile, UnixFileMode.GroupRead | UnixFileMode.OtherRead, $"{TextFile} has mode 0644, not 0640")]
    public async Task What_others_may_read_is_found(string path, UnixFileMode mode, string? fault)
    {
        _systemd.Archive[path] = _systemd.Archive[path] with { Mode = MadeSystemd.Private | mode };
        await HoldsAsync(fault);
    }

    [TestCase(1000, 0, "1000:0")]
    [TestCase(0, 4, "0:4")]
    public async Task A_file_that_is_not_roots_is_found(int user, int group, string owner)
    {
        _systemd.Archive[TextFile] = _systemd.Archive[TextFile] with { User = user, Group = group };
        await HoldsAsync($"{TextFile} belongs to {owner}, not to root");
    }

    [Test]
    public async Task A_file_that_is_no_record_is_found()
    {
        _systemd.Put("7710738641726/core\x1b[2J", "");
        await HoldsAsync("a file in the archive that is no record: 7710738641726/core\x1b[2J");
    }

    [Test]
    public async Task A_text_of_no_record_is_found()
    {
        _systemd.Put("9/dmesg.txt", "Panic#9 Part1\n<4>[    9.000000] of no record\n");
        await HoldsAsync("that match no record");
    }

    [Test]
    public async Task An_archive_of_nothing_is_one_where_nothing_was_archived()
    {
        _systemd.Archive.Clear();
        _case.Show(shown =>
        {
            foreach (var (name, content) in _case.Records)
                shown[name] = content;
        });
        _case.Expected = _case.Expected with { Records = [CaseEvidence.WholePanic], Archive = [] };
        Assert.That(
            (await PassedAsync()).Select(finding => finding.Text),
            Does.Contain("nothing in the archive, as expected")
        );
    }

    [TestCase("ActiveState=active\nConditionResult=yes\n", ArchiverOutcome.Ran)]
    [TestCase("ActiveState=inactive\nConditionResult=no\n", ArchiverOutcome.Skipped)]
    [TestCase("ActiveState=failed\nConditionResult=yes\n", ArchiverOutcome.Failed)]
    [TestCase("ActiveState=inactive\nConditionResult=yes\n", null)]
    [TestCase("", null)]
    public async Task What_became_of_the_archiver_is_told(string unit, ArchiverOutcome? became)
    {
        _systemd.Unit = unit;
        foreach (var expected in Enum.GetValues<ArchiverOutcome>())
        {
            _case.Expected = _case.Expected with { Archiver = expected };
            if (expected == became)
                await PassedAsync();
            else
                Assert.That(
                    await _case.FaultAsync(),
                    Does.StartWith(
                        "systemd-pstore.service "
                            + $"{(became is null ? "was not even tried" : became.ToString()!.ToLowerInvariant())}, "
                            + $"expected {expected.ToString().ToLowerInvariant()} ("
                    )
                );
        }
    }

    [Test]
    public async Task A_record_that_the_journal_lacks_or_has_too_many_is_found()
    {
        _case.Expected = _case.Expected with { Journal = [] };
        await HoldsAsync(
            $"a record nobody expected in the journal: {CaseEvidence.Newest} and 1 more part (of crash 1)"
        );
        _systemd.Journal.Clear();
        Assert.That(
            (await PassedAsync()).Select(finding => finding.Text),
            Does.Contain("no record in the journal, as expected")
        );
        _case.Expected = _case.Expected with { Journal = [CaseEvidence.WholePanic] };
        await HoldsAsync(
            $"no dmesg record of crash 1 (nonce {CaseEvidence.Nonce}) in the journal, though the store holds it"
        );
    }

    [Test]
    public async Task An_entry_of_the_journal_that_was_cut_is_found()
    {
        _systemd.Journal.Clear();
        _systemd.Journaled(CaseEvidence.Newest, _case.Records[CaseEvidence.Newest][..2000]);
        _systemd.Journaled(CaseEvidence.Older, _case.Records[CaseEvidence.Older]);
        _case.Expected = _case.Expected with { Journal = [CaseEvidence.WholePanic] };
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Failed));
    }

    [Test]
    public async Task An_inspection_that_kept_nothing_of_systemd_is_infra()
    {
        _case.Systemd = null;
        _case.Show(shown =>
        {
            foreach (var (name, content) in _case.Records)
                shown[name] = content;
        });
        _case.Expected = _case.Expected with { Records = null };
        var judgement = await _case.JudgeAsync();
        Assert.That(
            (judgement.Verdict, judgement.Reason),
            Is.EqualTo((Verdict.Infra, $"the evidence {_case.Folder.Systemd(new InspectionNumber(1))} is missing"))
        );
    }

    [TestCase(CaseEvidence.Newest)]
    [TestCase(CaseEvidence.Older)]
    public async Task A_record_that_left_the_store_and_came_nowhere_is_found(string lost)
    {
        _case.Expected = _case.Expected with { Archive = null };
        _systemd.Archive.Remove(Dump + lost);
        await PassedAsync();
        _systemd.Journal.RemoveAll(entry => entry.Contains(lost));
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo(
                $"/sys/fs/pstore is not what the store holds: {lost} ({_case.Records[lost].Length} bytes) is not shown"
            )
        );
    }

    [Test]
    public async Task A_record_that_came_another_one_is_not_the_one_that_left()
    {
        _case.Expected = _case.Expected with { Archive = null };
        _systemd.Journal.Clear();
        _systemd.Put(Dump + CaseEvidence.Newest, _case.Records[CaseEvidence.Newest] + "\n");
        Assert.That(
            await _case.FaultAsync(),
            Does.EndWith($"{CaseEvidence.Newest} ({_case.Records[CaseEvidence.Newest].Length} bytes) is not shown")
        );
    }

    [TestCase("0\nall is well\n", 0, null)]
    [TestCase("3\n", 3, null)]
    [TestCase(
        "1\nno such \u001bfile\n",
        0,
        @"`do it` ended with exit code 1, not 0: no such \x1bfile",
        TestName = "{m}(and what it said is shown)"
    )]
    [TestCase("0\n", 1, "`do it` ended with exit code 0, not 1: ")]
    public async Task A_command_has_to_end_with_its_exit_code(string said, int exit, string? fault)
    {
        _case.Meanwhile = [new RunInGuest(1, "do it", exit, "cycle.yaml:14:5")];
        await File.WriteAllTextAsync(_case.Folder.Run(1), said);
        await HoldsAsync(fault);
        if (fault is not null)
            Assert.That(await _case.FaultAsync(), Is.EqualTo(fault));
    }

    [TestCase("unit")]
    [TestCase("journal")]
    public async Task An_inspection_that_is_not_whole_is_infra(string missing)
    {
        _systemd.Missing.Add(missing);
        await DamagedAsync($"it has no '{missing}'");
    }

    [TestCase("garbage")]
    [TestCase("[]")]
    [TestCase("{\"FILE\":[1,2,300]}")]
    public async Task A_journal_that_is_none_is_infra(string line)
    {
        _systemd.Journal.Add(line);
        await DamagedAsync("");
    }

    [Test]
    public async Task How_the_archiver_and_a_command_ended_is_said_in_a_sentence()
    {
        _case.Expected = _case.Expected with { Archiver = ArchiverOutcome.Ran };
        _case.Meanwhile = [new RunInGuest(1, "do it", 3, "cycle.yaml:14:5")];
        await File.WriteAllTextAsync(_case.Folder.Run(1), "3\nall is well\n");
        Assert.That(
            await PassedAsync(),
            Does.Contain(
                    new Finding(
                        true,
                        "archive",
                        "systemd-pstore.service ran (ActiveState=active, SubState=exited, Result=success, "
                            + "ConditionResult=yes, ExecMainStatus=0)",
                        "cycle.yaml:16:1"
                    )
                )
                .And.Contain(new Finding(true, "guest", "`do it` ended with exit code 3", "cycle.yaml:14:5"))
        );
    }

    [Test]
    public async Task An_entry_of_the_journal_with_other_bytes_is_not_the_record_that_left()
    {
        _case.Expected = _case.Expected with { Archive = null };
        _systemd.Archive.Clear();
        await PassedAsync();
        _systemd.Journal.Clear();
        _systemd.Journaled(CaseEvidence.Older, _case.Records[CaseEvidence.Older]);
        _systemd.Journaled(CaseEvidence.Newest, _case.Records[CaseEvidence.Newest].Replace("sysrq_h", "sysrq_H"));
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo(
                $"/sys/fs/pstore is not what the store holds: {CaseEvidence.Newest} "
                    + $"({_case.Records[CaseEvidence.Newest].Length} bytes) is not shown"
            )
        );
    }

    /// <summary>The journal has it: nothing was lost, but the archive is not what was asked for.</summary>
    [Test]
    public async Task A_part_that_has_no_file_is_missed_where_the_files_are_asked_for()
    {
        Archived = Whole with { Form = ArchiveForm.Files };
        _systemd.Archive.Remove(TextFile);
        await PassedAsync();
        _systemd.Archive.Remove(Dump + CaseEvidence.Older);
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo(
                $"{CaseEvidence.Newest} and 1 more part in {Dump}{CaseEvidence.Newest} of crash 1: 1 of its 2 parts "
                    + $"have no file: {CaseEvidence.Older}"
            )
        );
    }

    /// <summary>The journal has it unaltered, and the text is assembled before the files are copied.</summary>
    [TestCase(ArchiveForm.Whole)]
    [TestCase(ArchiveForm.Reassembled)]
    public async Task A_part_that_has_no_file_is_missed_beside_a_text_that_has_it(ArchiveForm form)
    {
        _systemd.Archive.Remove(Dump + CaseEvidence.Older);
        Archived = Whole with { Form = form };
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo($"{CaseEvidence.Older} has no file of its own; its text is in {TextFile}")
        );
    }

    [Test]
    public async Task A_file_that_is_not_what_the_store_held_is_found_beside_a_text_that_is()
    {
        string text = _case.Records[CaseEvidence.Older];
        _systemd.Put(Dump + CaseEvidence.Older, text[..40] + (char)(text[40] ^ 1) + text[41..]);
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo($"{Dump}{CaseEvidence.Older} differs from the original {CaseEvidence.Older} from byte 40 on")
        );
    }

    [Test]
    public async Task A_record_that_no_store_held_is_not_accounted_for()
    {
        _systemd.Put(Dump + Other, OtherText);
        Assert.That(await _case.FaultAsync(), Is.EqualTo($"{Dump}{Other} is none of the original records"));
    }

    [Test]
    public async Task An_archive_stands_for_itself_where_no_store_is_known()
    {
        _case.Store = [.. Enumerable.Repeat((byte)0x55, 8192)];
        Assert.That(await _case.FaultAsync(), Does.StartWith("the store as boot 2 found it cannot be decoded: "));
    }

    [Test]
    public async Task A_record_that_is_no_dump_is_found_in_its_file()
    {
        const string Pmsg = "pmsg-ramoops-0";
        _case.Store = [.. Enumerable.Repeat((byte)0x55, 8192)];
        _systemd.Put("pstore/" + Pmsg, $"pstorelab: mark {CaseEvidence.Nonce} 8/8\n");
        var pmsg = Whole with { Type = "pmsg", Reason = null, Content = RecordContent.Nonce };
        _case.Expected = _case.Expected with { Archive = [Whole, pmsg] };
        Assert.That(await _case.FaultAsync(), Does.StartWith("the store as boot 2 found it cannot be decoded: "));
        Assert.That(
            (await _case.JudgeAsync()).Findings.Where(finding => finding.Held).Select(finding => finding.Text),
            Does.Contain($"{Pmsg} in pstore/{Pmsg}: 37 bytes, 1 lines in 1 part, of the right crash")
        );
    }

    [Test]
    public async Task What_cannot_be_decompressed_is_no_complaint_of_the_kernel_in_the_archive()
    {
        _case.LeaveCompressed();
        _case.Show(shown => shown.Clear());
        _systemd.Archive.Clear();
        _systemd.Journal.Clear();
        _case.Expected = _case.Expected with { Archive = [] };
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            judgement.Findings.Select(finding => finding.Text),
            Does.Contain("nothing in the archive, as expected")
        );
    }

    [Test]
    public async Task All_that_is_in_the_archive_instead_is_named()
    {
        const string Another = "dmesg-erst-7710738641999999998";
        _systemd.Archive.Clear();
        _case.Records[Other] = OtherText;
        _case.Records[Another] = "Emergency#7 Part1\n<4>[    8.000000] and another\n";
        _systemd.Put(Dump + Other, _case.Records[Other]);
        _systemd.Put(Dump + Another, _case.Records[Another]);
        Assert.That(
            (await _case.JudgeAsync()).Findings.Select(finding => finding.Text),
            Does.Contain(
                    $"no dmesg record of crash 1 in the archive; there is {Other} in {Dump}{Other}, {Another} in "
                        + $"{Dump}{Another}"
                )
                .Or.Contain(
                    $"no dmesg record of crash 1 in the archive; there is {Another} in {Dump}{Another}, {Other} in "
                        + $"{Dump}{Other}"
                )
        );
        _systemd.Archive.Clear();
        Assert.That(
            (await _case.JudgeAsync()).Findings.Select(finding => finding.Text),
            Does.Contain("no dmesg record of crash 1 in the archive")
        );
    }

    [TestCase(2, "7710738641726/001/dmesg.txt and 7710738641726/002/dmesg.txt")]
    [TestCase(3, "7710738641726/001/dmesg.txt and 7710738641726/002/dmesg.txt and 7710738641726/003/dmesg.txt")]
    [TestCase(
        5,
        "7710738641726/001/dmesg.txt and 7710738641726/002/dmesg.txt and 7710738641726/003/dmesg.txt and 2 more"
    )]
    public async Task Of_many_files_the_first_three_are_named(int texts, string where)
    {
        for (int text = 1; text <= texts; text++)
            _systemd.Archive[$"7710738641726/00{text}/dmesg.txt"] = _systemd.Archive[TextFile];
        Assert.That(
            (await _case.JudgeAsync()).Findings.Select(finding => finding.Text),
            Has.Some.StartsWith($"{CaseEvidence.Newest} and 1 more part in {where} of crash 1: ")
                .Or.Some.StartsWith($"{CaseEvidence.Newest} and 1 more part in {where}: ")
        );
    }

    [Test]
    public async Task A_journal_without_an_entry_is_called_empty()
    {
        _systemd.Journal.Clear();
        _case.Expected = _case.Expected with { Journal = [CaseEvidence.WholePanic] };
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo(
                $"no dmesg record of crash 1 (nonce {CaseEvidence.Nonce}) in the journal, though the store holds it in "
                    + "slot 0 (live): the journal is empty"
            )
        );
    }

    private async Task DamagedAsync(string how)
    {
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(
            judgement.Reason,
            Does.StartWith($"the evidence {_case.Folder.Systemd(new InspectionNumber(1))} does not parse: ")
                .And.EndWith(how)
        );
    }

    private async Task<IReadOnlyList<Finding>> PassedAsync()
    {
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        return judgement.Findings;
    }

    /// <summary>Exactly these faults are found, or none.</summary>
    private async Task HoldsAsync(string? fault, string? another = null, bool journaled = true)
    {
        if (!journaled)
            _systemd.Journal.Clear();
        if (fault is null)
            await PassedAsync();
        else if (another is null)
            Assert.That(await _case.FaultAsync(), Does.Contain(fault));
        else
            Assert.That(
                (await _case.JudgeAsync()).Findings.Where(finding => !finding.Held).Select(finding => finding.Text),
                Has.Exactly(2).Items.And.Some.Contains(fault).And.Some.Contains(another)
            );
    }
}
