using PstoreLab.Cli.Commands;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Cli.Tests;

/// <summary>A gate that cannot be open with nothing tested.</summary>
public sealed class GateTests
{
    [TestCase(ExitCode.Passed, Verdict.Passed)]
    [TestCase(ExitCode.Passed, Verdict.Known, Verdict.Unsupported)]
    [TestCase(ExitCode.NothingTested, Verdict.Unsupported, Verdict.Unsupported)]
    [TestCase(ExitCode.NothingTested)]
    [TestCase(ExitCode.Infra, Verdict.Unsupported, Verdict.Infra)]
    [TestCase(ExitCode.Usage, Verdict.Infra, Verdict.Error, Verdict.Passed)]
    [TestCase(ExitCode.Internal, Verdict.Error, Verdict.Internal)]
    [TestCase(ExitCode.Failed, Verdict.Internal, Verdict.Failed, Verdict.Passed)]
    public void The_worst_verdict_decides(int code, params Verdict[] verdicts) =>
        Assert.That(ExitCode.Of(verdicts), Is.EqualTo(code));

    [TestCase(ExitCode.NotAllRun, Verdict.Passed)]
    [TestCase(ExitCode.NotAllRun, Verdict.Unsupported)]
    [TestCase(ExitCode.NotAllRun)]
    [TestCase(ExitCode.Infra, Verdict.Infra, Verdict.Passed)]
    [TestCase(ExitCode.Failed, Verdict.Failed)]
    public void Where_not_all_was_run_it_is_not_green(int code, params Verdict[] verdicts) =>
        Assert.That(ExitCode.Of(verdicts, notRun: 1), Is.EqualTo(code));

    [TestCase("all", "cycle/a/erst, powercut/b/efi")]
    [TestCase("cycle", "cycle/a/erst")]
    [TestCase("cycle/a", "cycle/a/erst")]
    [TestCase("*/efi", "powercut/b/efi")]
    [TestCase("cycle/a/ramoops", null)]
    public void What_is_required_and_unsupported_is_named(string word, string? named)
    {
        var required = new RequiredCases(
            [word],
            [MadeCase.Of("cycle/a/erst"), MadeCase.Of("cycle/a/ramoops"), MadeCase.Of("powercut/b/efi")]
        );
        string? said = required.Unsupported([
            MadeCase.Result("cycle/a/erst", Verdict.Unsupported),
            MadeCase.Result("cycle/a/ramoops", Verdict.Passed),
            MadeCase.Result("powercut/b/efi", Verdict.Unsupported),
        ]);
        int count = named?.Split(", ").Length ?? 0;
        Assert.That(
            said,
            Is.EqualTo(named is null ? null : $"--require: {count} of the required cases are unsupported: {named}")
        );
    }

    [Test]
    public void Nothing_is_required_unless_it_is_said() =>
        Assert.That(
            new RequiredCases([], [MadeCase.Of("cycle/a/erst")]).Unsupported([
                MadeCase.Result("cycle/a/erst", Verdict.Unsupported),
            ]),
            Is.Null
        );

    [Test]
    public void Each_repetition_of_a_required_case_is_required() =>
        Assert.That(
            new RequiredCases(
                ["cycle/a/erst"],
                [MadeCase.Of("cycle/a/erst+1"), MadeCase.Of("cycle/a/erst+2")]
            ).Unsupported([MadeCase.Result("cycle/a/erst+2", Verdict.Unsupported)]),
            Is.EqualTo("--require: 1 of the required cases are unsupported: cycle/a/erst+2")
        );

    [Test]
    public void What_is_not_run_cannot_be_required() =>
        Assert.That(
            Assert
                .Throws<UsageException>(() => _ = new RequiredCases(["cylce"], [MadeCase.Of("cycle/a/erst")]))!
                .Message,
            Is.EqualTo("--require: no case that is run is 'cylce'; nearest are cycle/a/erst")
        );
}
