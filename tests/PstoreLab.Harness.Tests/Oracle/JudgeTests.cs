using System.Text.RegularExpressions;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Oracle;

public class JudgeTests
{
    private const string Inflate = "zlib_inflate() failed, ret = -3!";

    private CaseEvidence _case = null!;

    [SetUp]
    public void TakeARealCase() => _case = new CaseEvidence();

    [TearDown]
    public void PutItAway() => _case.Dispose();

    /// <summary>The record cannot be decompressed, and the console says so.</summary>
    private static PlannedKnownBug Bug { get; } =
        new(
            "zlib-only-since-6.6",
            new Expectation(
                new SourceLocation("bugs.yaml", 11, 5),
                [
                    new ExpectedRecord(
                        new SourceLocation("bugs.yaml", 12, 5),
                        "dmesg",
                        null,
                        CaseEvidence.First,
                        "*.enc.z",
                        RecordContent.Compressed,
                        null
                    ),
                ],
                ["zlib_inflate() failed"],
                []
            )
        );

    [Test]
    public async Task A_text_on_the_console_can_be_asked_for()
    {
        _case.Expected = _case.Expected with { Console = ["erst: ERST support is initialized"] };
        Assert.That(await _case.FaultAsync(), Is.EqualTo("boot 2 never said \"erst: ERST support is initialized\""));
        _case.ConsoleAfter += "[    1.000000] erst: ERST support is initialized\r\n";
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed));
        Assert.That(
            judgement.Findings.Select(finding => finding.Text),
            Does.Contain("boot 2 said \"[    1.000000] erst: ERST support is initialized\"")
        );
    }

    [Test]
    public async Task The_line_that_is_quoted_is_fit_for_a_terminal()
    {
        _case.Expected = _case.Expected with { Console = ["firmware"] };
        _case.ConsoleAfter = "firmware \x1b[31mred";
        Assert.That(
            (await _case.JudgeAsync()).Findings.Select(finding => finding.Text),
            Does.Contain(@"boot 2 said ""firmware \x1b[31mred""")
        );
    }

    [Test]
    public async Task A_text_on_the_console_can_be_ruled_out()
    {
        _case.Expected = _case.Expected with { ConsoleWithout = ["zlib_inflate() failed"] };
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Passed));
        _case.ConsoleAfter += $"[    1.000000] pstore: {Inflate}\r\n[    1.100000] and more\r\n";
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo("boot 2 said \"[    1.000000] pstore: zlib_inflate() failed, ret = -3!\"")
        );
    }

    [Test]
    public async Task Only_the_console_is_judged_where_no_records_are_spoken_of()
    {
        _case.Records.Clear();
        _case.Expected = _case.Expected with { Records = null, Console = ["Linux version"] };
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Passed));
    }

    [Test]
    public async Task A_known_bug_that_shows_as_described_is_known()
    {
        _case.Known = [Bug];
        MakeUnreadable();
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Known), judgement.Reason);
        Assert.That(judgement.Reason, Is.EqualTo("zlib-only-since-6.6"));
        Assert.That(judgement.Findings.Any(finding => !finding.Held), "what is broken stays to be seen");
    }

    [Test]
    public async Task One_of_several_known_bugs_is_enough()
    {
        _case.Known = [Bug with { Bug = "another", Instead = Bug.Instead with { Console = ["something else"] } }, Bug];
        MakeUnreadable();
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Known), judgement.Reason);
        Assert.That(judgement.Reason, Is.EqualTo("zlib-only-since-6.6"));
    }

    [Test]
    public async Task A_plan_from_before_there_were_reports_is_judged()
    {
        await _case.JudgeAsync();
        string plan = await File.ReadAllTextAsync(_case.Folder.Plan);
        _case.PlanText = Regex.Replace(plan, @",\s*""reports"": \[\]", "");
        Assert.That(_case.PlanText, Is.Not.EqualTo(plan).And.Not.Contain("reports"));
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Passed));
    }

    [Test]
    public async Task A_known_bug_does_not_excuse_an_earlier_expectation()
    {
        _case.Known = [Bug];
        MakeUnreadable();
        var earlier = _case.Expected with { Records = null, Console = ["never said"] };
        _case.Meanwhile = [new Inspect(new InspectionNumber(1), earlier)];
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(judgement.Reason, Does.StartWith("boot 2 never said \"never said\""));
        _case.Meanwhile = [new Inspect(new InspectionNumber(1), earlier with { Console = ["Linux version"] })];
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Known));
    }

    [TestCase("1\nno\n", Verdict.Failed)]
    [TestCase("0\nyes\n", Verdict.Known)]
    public async Task A_known_bug_does_not_excuse_a_command(string answer, Verdict expected)
    {
        _case.Known = [Bug];
        MakeUnreadable();
        _case.Meanwhile = [new RunInGuest(1, "test", 0, "bugs.yaml:9:5")];
        File.WriteAllText(_case.Folder.Run(1), answer);
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_known_bug_that_is_gone_is_to_be_removed()
    {
        _case.Known = [Bug];
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            judgement.Reason,
            Is.EqualTo("passed, where the bug 'zlib-only-since-6.6' is catalogued: remove the entry")
        );
    }

    [Test]
    public async Task One_that_shows_by_chance_may_stay_away_and_excuses_no_more_for_that()
    {
        _case.Known = [Bug with { ByChance = true }];
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        _case.Records.Clear();
        Assert.That((await _case.JudgeAsync()).Reason, Does.StartWith("failed, but not as the bug "));
    }

    [Test]
    public async Task A_failure_unlike_the_known_bug_is_one()
    {
        _case.Known = [Bug];
        _case.Records.Clear();
        _case.ConsoleAfter += Inflate;
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            judgement.Reason,
            Does.StartWith("failed, but not as the bug 'zlib-only-since-6.6' does: no dmesg record of crash 1")
        );
    }

    [Test]
    public async Task A_known_bug_that_the_console_does_not_confirm_is_a_failure()
    {
        _case.Known = [Bug];
        MakeUnreadable();
        _case.ConsoleAfter = _case.ConsoleAfter.Replace(Inflate, "");
        var judgement = await _case.JudgeAsync();
        Assert.That(
            judgement.Reason,
            Is.EqualTo(
                "failed, but not as the bug 'zlib-only-since-6.6' does: boot 2 never said \"zlib_inflate() failed\""
            )
        );
    }

    [Test]
    public async Task An_attempt_that_was_cut_off_is_infra()
    {
        _case.Cycle = null;
        var judgement = await _case.JudgeAsync();
        Assert.That(
            (judgement.Verdict, judgement.Reason),
            Is.EqualTo((Verdict.Infra, $"the attempt was cut off: it left no {_case.Folder.Cycle}"))
        );
    }

    [TestCase(CycleEnding.Infra, Verdict.Infra)]
    [TestCase(CycleEnding.Product, Verdict.Failed)]
    public async Task A_cycle_that_did_not_end_well_is_not_judged_by_its_records(CycleEnding ending, Verdict expected)
    {
        _case.Cycle = _case.Cycle! with
        {
            Ending = ending,
            Reason = "so it was",
            Fault = new GuestFault(GuestFaultKind.Hang, new BootNumber(2), 1, "so it was", [], false),
        };
        var judgement = await _case.JudgeAsync();
        Assert.That((judgement.Verdict, judgement.Reason), Is.EqualTo((expected, "so it was")));
    }

    [Test]
    public void A_folder_whose_plan_is_gone_is_infra()
    {
        using var folder = new ScratchFolder();
        var judgement = Judge.Of(new CaseFolder(folder.Path));
        Assert.That(
            (judgement.Verdict, judgement.Reason),
            Is.EqualTo((Verdict.Infra, $"the evidence {folder.Path}/plan.json is missing"))
        );
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("{\"case\": 7}")]
    [TestCase("{\"format\": 2}")]
    [TestCase("{\"format\": 2, \"boots\": [{}]}")]
    [TestCase("{\"format\": 2, \"boots\": [{\"steps\": [{\"$type\": \"dance\"}]}]}")]
    public async Task A_damaged_plan_is_infra_and_named(string text)
    {
        _case.PlanText = text;
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(judgement.Reason, Does.StartWith($"the evidence {_case.Folder.Plan} "));
    }

    [TestCase(null, 0)]
    [TestCase("1", 1)]
    [TestCase("3", 3)]
    public async Task A_plan_of_another_format_is_infra_with_its_number(string? format, int told)
    {
        await _case.JudgeAsync();
        string text = File.ReadAllText(_case.Folder.Plan);
        string mine = $"\"format\": {PstoreLab.Harness.Plans.Plan.CurrentFormat}";
        Assert.That(text, Does.Contain(mine));
        _case.PlanText = text.Replace(mine, format is null ? "\"was\": 0" : $"\"format\": {format}");
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(
            judgement.Reason,
            Does.StartWith($"the evidence {_case.Folder.Plan} ").And.Contain($"is of format {told}, ")
        );
    }

    [TestCase(Verdict.Passed)]
    [TestCase(Verdict.Failed)]
    [TestCase(Verdict.Infra)]
    public async Task A_verdict_that_was_kept_is_set_beside_the_one_that_is_found_now(Verdict before)
    {
        await _case.JudgeAsync();
        await EvidenceJson.WriteAsync(
            _case.Folder.Verdict,
            new Judgement(before, "as it was", []),
            CancellationToken.None
        );
        var again = Judge.Again(_case.Folder);
        Assert.That(
            again with
            {
                Judgement = null!,
            },
            Is.EqualTo(new JudgedCase("cycle/record-whole/erst", _case.Folder.Root, null!, before))
        );
        Assert.That(again.Judgement.Verdict, Is.EqualTo(Verdict.Passed));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{\"verdict\": \"splendid\"}")]
    public async Task A_verdict_that_is_damaged_or_missing_is_only_not_compared_with(string? text)
    {
        await _case.JudgeAsync();
        if (text is not null)
            await File.WriteAllTextAsync(_case.Folder.Verdict, text);
        var again = Judge.Again(_case.Folder);
        Assert.That((again.Before, again.Judgement.Verdict), Is.EqualTo((default(Verdict?), Verdict.Passed)));
    }

    [Test]
    public async Task What_is_judged_again_is_the_evidence_as_it_is_now()
    {
        await _case.JudgeAsync();
        Assert.That(Judge.Again(_case.Folder).Judgement.Verdict, Is.EqualTo(Verdict.Passed));
        File.Delete(Path.Combine(_case.Folder.Records(new InspectionNumber(1)), CaseEvidence.Newest));
        Assert.That(Judge.Again(_case.Folder).Judgement.Verdict, Is.EqualTo(Verdict.Failed));
    }

    [Test]
    public async Task A_compression_that_nothing_here_undoes_is_unsupported_and_no_other()
    {
        static string? Absence(PstoreLab.Records.Compression.CompressionMethod method) =>
            method == PstoreLab.Records.Compression.CompressionMethod.Lzo
                ? "liblzo2.so.2 is not on this machine"
                : null;
        Assert.That((await _case.JudgeAsync(Absence)).Verdict, Is.EqualTo(Verdict.Passed), "nothing needs it");
        _case.Parameters["pstore.compress"] = "lzo";
        var judgement = await _case.JudgeAsync(Absence);
        Assert.That(
            (judgement.Verdict, judgement.Reason),
            Is.EqualTo(
                (
                    Verdict.Unsupported,
                    "debian-6.1 compresses with lzo in boot 2, which cannot be decompressed here: liblzo2.so.2 "
                        + "is not on this machine"
                )
            )
        );
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Evidence_that_was_sealed_must_be_what_it_was(bool told)
    {
        _case.Cycle = _case.Cycle! with { IsSealed = told };
        await _case.JudgeAsync();
        await EvidenceSeal.WriteAsync(PlanFile.Read(_case.Folder.Plan), _case.Folder, CancellationToken.None);
        Assert.That(Judge.Of(_case.Folder).Verdict, Is.EqualTo(Verdict.Passed));
        string console = _case.Folder.Boot(new BootNumber(2)).Console;
        await File.AppendAllTextAsync(console, "[    2.000000] and more\r\n");
        var judgement = Judge.Of(_case.Folder);
        Assert.That(
            (judgement.Verdict, judgement.Reason),
            Is.EqualTo((Verdict.Infra, $"the evidence {console} was changed after the attempt"))
        );
    }

    [Test]
    public async Task A_seal_that_was_taken_away_is_missed()
    {
        _case.Cycle = _case.Cycle! with { IsSealed = true };
        var judgement = await _case.JudgeAsync();
        Assert.That(
            (judgement.Verdict, judgement.Reason),
            Is.EqualTo((Verdict.Infra, $"the evidence {_case.Folder.Seal} is missing"))
        );
    }

    [Test]
    public async Task A_plan_that_expects_nothing_proves_nothing()
    {
        await _case.JudgeAsync();
        var plan = PlanFile.Read(_case.Folder.Plan);
        var boots = plan.Boots.Select(boot => boot with { Steps = [.. boot.Steps.Where(step => step is not Inspect)] });
        await EvidenceJson.WriteAsync(_case.Folder.Plan, plan with { Boots = [.. boots] }, CancellationToken.None);
        var judgement = Judge.Of(_case.Folder);
        Assert.That(
            (judgement.Verdict, judgement.Reason),
            Is.EqualTo((Verdict.Error, "the plan expects nothing, so nothing can be judged"))
        );
    }

    [Test]
    public async Task A_cycle_that_does_not_say_why_it_did_not_end_is_infra()
    {
        _case.Cycle = _case.Cycle! with { Ending = CycleEnding.Infra };
        var judgement = await _case.JudgeAsync();
        Assert.That((judgement.Verdict, judgement.Reason), Is.EqualTo((Verdict.Infra, "")));
    }

    [Test]
    public void A_folder_without_a_plan_is_called_by_its_name()
    {
        using var scratch = new ScratchFolder();
        var folder = new CaseFolder(Path.Combine(scratch.Path, "cases", "cycle", "lost"));
        Directory.CreateDirectory(folder.Root);
        Assert.That(Judge.Again(folder).Case, Is.EqualTo("cycle/lost"));
    }

    [Test]
    public async Task A_failure_unlike_any_of_several_known_bugs_names_them_all_and_the_first_difference()
    {
        _case.Known = [Bug, Bug with { Bug = "another", Instead = Bug.Instead with { Console = ["something else"] } }];
        MakeUnreadable();
        _case.ConsoleAfter = _case.ConsoleAfter.Replace(Inflate, "");
        var judgement = await _case.JudgeAsync();
        Assert.That(
            (judgement.Verdict, judgement.Reason),
            Is.EqualTo(
                (
                    Verdict.Failed,
                    "failed, but not as the bug 'zlib-only-since-6.6', 'another' does: boot 2 never said "
                        + "\"zlib_inflate() failed\""
                )
            )
        );
        Assert.That(
            judgement.Findings.Select(finding => finding.Text),
            Does.Contain("boot 2 never said \"something else\""),
            "what was looked for instead stays to be seen"
        );
    }

    [Test]
    public async Task One_of_several_that_shows_by_chance_lets_the_case_pass()
    {
        _case.Known = [Bug, Bug with { Bug = "another", ByChance = true }];
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Passed));
    }

    [Test]
    public async Task Where_the_evidence_cannot_tell_of_one_known_bug_another_does_not_make_it_a_failure()
    {
        _case.Known = [Bug, Bug with { Bug = "another", Instead = Bug.Instead with { Console = ["something else"] } }];
        MakeUnreadable();
        _case.ConsoleAfter +=
            "\r\n[    2.000000] BUG: kernel NULL pointer dereference, address: 0\r\n"
            + "[    2.000001] RIP: 0010:kmem_cache_alloc+0x1/0x2\r\n";
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(judgement.Reason, Does.EndWith("which no step asked for"));
    }

    [Test]
    public async Task A_kernel_that_should_have_failed_and_did_not_is_a_failure()
    {
        _case.Expected = _case.Expected with { Records = null, FailsWith = "kernel BUG at mm/usercopy" };
        Assert.That(await _case.FaultAsync(), Is.EqualTo("the kernel did not fail with \"kernel BUG at mm/usercopy\""));
        Assert.That((await _case.JudgeAsync()).Findings[0].Layer, Is.EqualTo("cycle"));
    }

    [Test]
    public async Task What_the_console_shows_and_what_it_does_not_are_of_the_console()
    {
        _case.Expected = _case.Expected with
        {
            Records = null,
            Console = ["Linux version"],
            ConsoleWithout = ["zlib_inflate() failed"],
        };
        Assert.That(
            (await _case.JudgeAsync()).Findings.Take(2).Select(finding => (finding.Layer, finding.Text)),
            Is.EqualTo([
                ("console", "boot 2 said \"[    0.000000] Linux version 6.1.0-50-amd64\""),
                ("console", "boot 2 did not say \"zlib_inflate() failed\""),
            ])
        );
    }

    private void MakeUnreadable()
    {
        _case.LeaveCompressed();
        _case.ConsoleAfter += Inflate;
    }
}
