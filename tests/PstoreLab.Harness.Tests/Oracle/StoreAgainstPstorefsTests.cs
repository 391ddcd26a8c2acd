using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary><c>/sys/fs/pstore</c> held against the raw store, and who has lost what is not there.</summary>
public class StoreAgainstPstorefsTests
{
    private const string Differs = "/sys/fs/pstore is not what the store holds: ";

    private CaseEvidence _case = null!;

    [SetUp]
    public void TakeARealCase() => _case = new CaseEvidence();

    [TearDown]
    public void PutItAway() => _case.Dispose();

    [TestCase("lz4")]
    [TestCase("lz4hc")]
    [TestCase("842")]
    public async Task A_reader_that_was_told_another_method_must_not_show_a_record_of_deflate(string method)
    {
        _case.Parameters["pstore.compress"] = method;
        Assert.That(
            await _case.FaultAsync(),
            Does.StartWith(Differs).And.Contain($"{CaseEvidence.Older}.enc.z").And.Contain("the kernel never said")
        );
    }

    [Test]
    public async Task What_is_as_it_should_be_is_no_difference()
    {
        _case.Parameters["pstore.compress"] = "deflate";
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Passed));
    }

    [Test]
    public async Task What_the_kernel_says_of_a_record_is_quoted_with_its_whole_line()
    {
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Compressed };
        _case.LeaveCompressed();
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(
            judgement.Findings[^1].Text,
            Does.EndWith($", and the kernel said \"[    1.000000] pstore: {CaseEvidence.Uninitialized}\"")
        );
        _case.ConsoleAfter = "[    0.000000] Linux version 6.1.0-50-amd64\r\n";
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo($"{Differs}the kernel never said \"{CaseEvidence.Uninitialized}\"")
        );
    }

    [TestCase("ignoring unexpected backend 'efi_pstore'")]
    [TestCase("backend 'efi' already in use: ignoring 'efi_pstore'")]
    public async Task A_kernel_that_took_no_backend_shows_nothing_of_what_the_store_holds(string said)
    {
        _case.Expected = _case.Expected with { Records = null, Console = [said] };
        _case.ConsoleAfter = $"[    1.000000] pstore: {said}\n";
        Assert.That(
            await _case.FaultAsync(),
            Does.StartWith("the kernel registered no backend (").And.Contain(said).And.Not.EndWith("has no file")
        );
        _case.Show(shown => shown.Clear());
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(judgement.Findings[^1].Text, Does.EndWith("/sys/fs/pstore has no file"));
        _case.ConsoleAfter += "[    1.000001] pstore: Registered erst as persistent store backend\n";
        Assert.That(
            await _case.FaultAsync(),
            Does.StartWith(Differs).And.Contain("is not shown"),
            "another backend was taken, and is held to what it holds"
        );
    }

    [Test]
    public async Task A_file_that_is_not_shown_is_named()
    {
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Nonce };
        _case.Show(shown => shown.Remove(CaseEvidence.Older));
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo($"{Differs}{CaseEvidence.Older} ({_case.Records[CaseEvidence.Older].Length} bytes) is not shown")
        );
    }

    [Test]
    public async Task A_file_that_is_not_in_the_store_is_named()
    {
        _case.Expected = _case.Expected with { Records = null, Console = ["Linux version"] };
        _case.Show(shown => shown["dmesg-erst-1\x1b"] = "12345");
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo($"{Differs}dmesg-erst-1\x1b (5 bytes) is shown and not in the store")
        );
    }

    [Test]
    public async Task An_altered_byte_is_named_with_its_place()
    {
        // In the oldest line, which nothing else looks at.
        _case.Record = CaseEvidence.WholePanic with
        {
            Content = RecordContent.Nonce,
        };
        _case.DamageShown(CaseEvidence.Older, text => text[..20] + (char)(text[20] ^ 1) + text[21..]);
        var length = _case.Records[CaseEvidence.Older].Length;
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo(
                $"{Differs}{CaseEvidence.Older} differs from byte 20 on, {length} bytes in the store, {length} shown"
            )
        );
    }

    [Test]
    public async Task A_byte_too_many_is_named()
    {
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Nonce };
        _case.DamageShown(CaseEvidence.Older, text => text + "\n");
        var length = _case.Records[CaseEvidence.Older].Length;
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo(
                $"{Differs}{CaseEvidence.Older} differs from byte {length} on, {length} bytes in the store, "
                    + $"{length + 1} shown"
            )
        );
    }

    [Test]
    public async Task All_differences_are_in_one_finding()
    {
        _case.Expected = _case.Expected with { Records = null, Console = ["Linux version"] };
        _case.Show(shown =>
        {
            shown.Remove(CaseEvidence.Older);
            shown[CaseEvidence.Newest] = "";
            shown["x"] = "";
        });
        Assert.That((await _case.FaultAsync()).Split("; "), Has.Length.EqualTo(3));
    }

    [TestCase("*", new[] { CaseEvidence.Newest, CaseEvidence.Older })]
    [TestCase("*8", new[] { CaseEvidence.Older })]
    [TestCase("dmesg-efi-*", new string[0])]
    public async Task What_was_erased_before_the_inspection_is_not_missed(string glob, string[] erased)
    {
        _case.Expected = _case.Expected with { Records = null, Console = ["Linux version"] };
        _case.Meanwhile = [new Ask(new AgentRequest.Erase(glob))];
        _case.Show(shown => Array.ForEach(erased, name => shown.Remove(name)));
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
    }

    [Test]
    public async Task What_was_erased_and_is_shown_is_named()
    {
        _case.Meanwhile = [new Ask(new AgentRequest.Erase("*7"))];
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo(
                $"{Differs}{CaseEvidence.Newest} ({_case.Records[CaseEvidence.Newest].Length} bytes) is "
                    + "shown and not in the store"
            )
        );
    }

    [Test]
    public async Task What_is_asked_beside_erasing_changes_nothing()
    {
        _case.Meanwhile = [new Ask(new AgentRequest.Load("erased", ["*"]))];
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Passed));
    }

    [Test]
    public async Task A_store_that_is_none_is_named()
    {
        _case.Store = [.. Enumerable.Repeat((byte)0x55, 8192)];
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo(
                "the store as boot 2 found it cannot be decoded: no ERST store: it does not begin "
                    + "with QEMU's magic, ERSTSTOR"
            )
        );
    }

    [Test]
    public async Task A_store_that_is_not_there_is_named()
    {
        await _case.JudgeAsync();
        File.Delete(_case.Folder.Boot(new BootNumber(1)).Store);
        Assert.That(
            Judge.Of(_case.Folder).Reason,
            Is.EqualTo($"the evidence {_case.Folder.Boot(new BootNumber(1)).Store} is missing")
        );
    }

    [Test]
    public async Task A_store_of_zeros_is_an_empty_one()
    {
        _case.Records.Clear();
        _case.Expected = _case.Expected with { Records = [] };
        _case.Store = new byte[256 << 10];
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Passed));
        _case.Show(shown => shown["dmesg-erst-5"] = "x");
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Failed));
    }

    [Test]
    public async Task What_the_reader_loses_is_told_from_what_the_writer_lost()
    {
        static string WithoutTheNewestLine(string text) => text[..text.LastIndexOf("\n<0>[", StringComparison.Ordinal)];
        _case.DamageShown(CaseEvidence.Newest, WithoutTheNewestLine);
        var byReader = await BrokenAsync();
        Assert.That(byReader.Select(finding => finding.Layer), Is.EqualTo(["pstorefs", "store"]));
        Assert.That(
            byReader[0].Text,
            Does.Contain("the last 1 lines").And.EndWith("; lost by the reader: the store holds all of it")
        );
        Assert.That(byReader[1].Text, Does.StartWith(Differs + CaseEvidence.Newest + " differs from byte "));

        _case.Damage(CaseEvidence.Newest, WithoutTheNewestLine);
        var byWriter = await BrokenAsync();
        Assert.That(byWriter.Select(finding => finding.Layer), Is.EqualTo(["store"]));
        Assert.That(
            byWriter[0].Text,
            Does.Contain("the last 1 lines").And.EndWith("; lost by the writer: the store holds no more")
        );
    }

    [Test]
    public async Task What_both_lose_is_told_of_both()
    {
        _case.Damage(CaseEvidence.Newest, text => text.Replace("sysrq_handle_crash", "sysrq_haNdle_crash"));
        _case.DamageShown(CaseEvidence.Newest, text => text.Replace(" 3/8", " 9/8"));
        var broken = await BrokenAsync();
        Assert.That(broken.Select(finding => finding.Layer), Is.EqualTo(["store", "store"]));
        Assert.That(
            broken[0].Text,
            Does.Contain("missing: 3")
                .And.Match("; in the store: line \\d+ of \\d+ differs: the record has .*sysrq_haNdle_crash")
        );
    }

    [Test]
    public async Task All_that_the_store_lacks_is_told()
    {
        _case.DamageShown(CaseEvidence.Newest, text => text.Replace("sysrq_handle_crash", "sysrq_haNdle_crash"));
        _case.Damage(CaseEvidence.Newest, text => text.Replace(" 3/8", " 9/8"));
        Assert.That(
            (await BrokenAsync())[0].Text,
            Does.Match(
                "; in the store: 1 of 8 marker lines are missing: 3; marker lines .*; line \\d+ of \\d+ differs: "
            )
        );
    }

    [Test]
    public async Task What_the_writer_lost_may_be_the_damage_s_where_there_was_one()
    {
        _case.Damage(CaseEvidence.Newest, text => text[..text.LastIndexOf("\n<0>[", StringComparison.Ordinal)]);
        await _case.DamageStoreAsync();
        Assert.That(
            (await BrokenAsync())[0].Text,
            Does.EndWith("; lost by the writer or by the damage since: the store holds no more")
        );
    }

    [Test]
    public async Task Of_a_store_that_is_none_it_is_not_known_who_lost_it()
    {
        _case.Store = [.. Enumerable.Repeat((byte)0x55, 8192)];
        _case.DamageShown(CaseEvidence.Newest, text => text[..text.LastIndexOf("\n<0>[", StringComparison.Ordinal)]);
        var broken = await BrokenAsync();
        Assert.That(
            (broken[0].Layer, broken[0].Text),
            Is.EqualTo(
                (
                    "pstorefs",
                    $"{CaseEvidence.Newest} and 1 more part of crash 1: the last 1 lines (24 bytes of text) are "
                        + "missing, ending with \"[3.606064] Kernel Offset: disabled\"; the store as boot 2 found it "
                        + "cannot be decoded: no ERST store: it does not begin with QEMU's magic, ERSTSTOR"
                )
            )
        );
    }

    [Test]
    public async Task A_record_that_only_the_store_holds_was_lost_by_the_reader()
    {
        _case.Show(shown => shown.Clear());
        var broken = await BrokenAsync();
        Assert.That(
            (broken[0].Layer, broken[0].Text),
            Is.EqualTo(
                (
                    "pstorefs",
                    $"no dmesg record of crash 1 (nonce {CaseEvidence.Nonce}), though the store holds it in "
                        + "slot 0 (live): /sys/fs/pstore is empty"
                )
            )
        );
        Assert.That(
            broken[1].Text,
            Does.Contain($"{CaseEvidence.Newest} (").And.Contain($"{CaseEvidence.Older} (").And.Contain("is not shown")
        );
    }

    [Test]
    public async Task A_record_that_was_erased_in_the_store_is_found_there()
    {
        var store = _case.IntactStore();
        // The map's entries: the records are there, and no kernel looks at them.
        store.AsSpan(24, 8 * 32).Clear();
        store.AsSpan(20, 4).Clear();
        _case.Store = store;
        _case.Show(shown => shown.Clear());
        var broken = await BrokenAsync();
        Assert.That(
            broken.Single().Text,
            Does.Contain(", though the store holds it in slot 0 (deleted): /sys/fs/pstore is empty")
        );
    }

    [Test]
    public async Task A_record_that_nobody_holds_was_lost_by_the_writer()
    {
        _case.Records.Clear();
        var broken = await BrokenAsync();
        Assert.That(
            (broken.Single().Layer, broken[0].Text),
            Is.EqualTo(("store", $"no dmesg record of crash 1 (nonce {CaseEvidence.Nonce}): /sys/fs/pstore is empty"))
        );
    }

    [Test]
    public async Task A_known_bug_does_not_excuse_a_listing_that_the_store_does_not_account_for()
    {
        _case.Known = [new PlannedKnownBug("gone", _case.Expected with { Records = [] })];
        _case.Records.Clear();
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Known));
        _case.Store = new CaseEvidenceStore().Bytes;
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(judgement.Findings.Where(finding => !finding.Held).Last().Text, Does.StartWith(Differs));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_glob_of_capital_letters_erases_nothing(bool shows)
    {
        _case.Expected = _case.Expected with { Records = null, Console = ["Linux version"] };
        _case.Meanwhile = [new Ask(new AgentRequest.Erase("DMESG-*"))];
        if (!shows)
            _case.Show(shown => shown.Clear());
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(shows ? Verdict.Passed : Verdict.Failed));
    }

    [Test]
    public async Task What_is_erased_behind_an_inspection_must_be_there_at_it()
    {
        _case.Expected = _case.Expected with { Records = null, Console = ["Linux version"] };
        var first = _case.Expected with { Source = new SourceLocation("cycle.yaml", 9, 1) };
        _case.Meanwhile = [new Inspect(new InspectionNumber(1), first), new Ask(new AgentRequest.Erase("*"))];
        _case.Show(shown => shown.Clear());
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            judgement
                .Findings.Where(finding => finding.Layer == "store")
                .Select(finding => (finding.Held, finding.Source)),
            Is.EqualTo([(false, "cycle.yaml:9:1"), (true, "cycle.yaml:16:1")])
        );
    }

    [Test]
    public async Task One_file_is_no_files()
    {
        _case.Records.Remove(CaseEvidence.Older);
        Assert.That(
            (await _case.JudgeAsync()).Findings[^1].Text,
            Is.EqualTo(
                $"/sys/fs/pstore is what the store holds: 1 file, {_case.Records[CaseEvidence.Newest].Length} bytes"
            )
        );
    }

    [Test]
    public async Task The_message_that_is_quoted_of_two_is_that_of_the_older_kernels()
    {
        _case.Expected = _case.Expected with { Records = null, Console = ["pstore: "] };
        _case.ConsoleAfter =
            "[    1.000000] pstore: backend 'efi' already in use: ignoring 'ramoops'\n"
            + "[    1.000001] pstore: ignoring unexpected backend 'efi_pstore'\n";
        _case.Show(shown => shown.Clear());
        Assert.That(
            (await _case.JudgeAsync()).Findings[^1].Text,
            Is.EqualTo(
                "the kernel registered no backend (\"[    1.000001] pstore: ignoring unexpected backend "
                    + "'efi_pstore'\"), and /sys/fs/pstore has no file"
            )
        );
    }

    [TestCase("dump done", null, "damage 1: dump done")]
    [TestCase("dump", "there is no record", "damage 1 could not be done (dump): there is no record")]
    public async Task A_damage_that_could_not_be_done_is_a_failure(string done, string? fault, string text)
    {
        await _case.DamageStoreAsync();
        await EvidenceJson.WriteAsync(
            _case.Folder.Damage(1),
            new PstoreLab.Harness.Damages.DamageLog(done, fault, []),
            CancellationToken.None
        );
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(fault is null ? Verdict.Passed : Verdict.Failed), judgement.Reason);
        Assert.That(judgement.Findings, Does.Contain(new Finding(fault is null, "store", text, "")));
    }

    private async Task<IReadOnlyList<Finding>> BrokenAsync()
    {
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Failed));
        return [.. judgement.Findings.Where(finding => !finding.Held)];
    }

    /// <summary>The undamaged case's store.</summary>
    private sealed class CaseEvidenceStore
    {
        public CaseEvidenceStore()
        {
            using var other = new CaseEvidence();
            Bytes = other.IntactStore();
        }

        public byte[] Bytes { get; }
    }
}
