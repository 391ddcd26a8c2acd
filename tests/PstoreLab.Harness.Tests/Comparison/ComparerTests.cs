using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Runs;

namespace PstoreLab.Harness.Tests.Comparison;

/// <summary>What two sets of results are to each other, verdict by verdict.</summary>
public class ComparerTests
{
    private SideBench _bench = null!;

    [SetUp]
    public void SetUp() => _bench = new SideBench();

    [TearDown]
    public void TearDown() => _bench.Dispose();

    [TestCase(Verdict.Passed, Verdict.Passed, ExpectedResult = Standing.Same)]
    [TestCase(Verdict.Passed, Verdict.Failed, ExpectedResult = Standing.Regression)]
    [TestCase(Verdict.Known, Verdict.Failed, ExpectedResult = Standing.Regression)]
    [TestCase(Verdict.Passed, Verdict.Known, ExpectedResult = Standing.Catalogued)]
    [TestCase(Verdict.Known, Verdict.Known, ExpectedResult = Standing.Same)]
    [TestCase(Verdict.Failed, Verdict.Passed, ExpectedResult = Standing.Fixed)]
    [TestCase(Verdict.Known, Verdict.Passed, ExpectedResult = Standing.Fixed)]
    [TestCase(Verdict.Failed, Verdict.Failed, ExpectedResult = Standing.FailsOnBoth)]
    [TestCase(Verdict.Failed, Verdict.Known, ExpectedResult = Standing.FailsOnBoth)]
    [TestCase(Verdict.Passed, Verdict.Unsupported, ExpectedResult = Standing.UnsupportedOnOne)]
    [TestCase(Verdict.Unsupported, Verdict.Failed, ExpectedResult = Standing.UnsupportedOnOne)]
    [TestCase(Verdict.Unsupported, Verdict.Unsupported, ExpectedResult = Standing.UnsupportedOnBoth)]
    [TestCase(Verdict.Passed, Verdict.Infra, ExpectedResult = Standing.NotCompared)]
    [TestCase(Verdict.Error, Verdict.Failed, ExpectedResult = Standing.NotCompared)]
    [TestCase(Verdict.Passed, Verdict.Internal, ExpectedResult = Standing.NotCompared)]
    public Standing Two_verdicts_stand_so(Verdict a, Verdict b)
    {
        _bench.Add("a", "whole", a, "why a");
        _bench.Add("b", "whole", b, "why b");
        return _bench.Compare().Cases.Single().Standing;
    }

    [Test]
    public void Only_what_has_a_verdict_of_its_kernel_on_both_sides_was_compared()
    {
        _bench.AddToBoth("alpha", Verdict.Passed);
        _bench.AddToBoth("beta", Verdict.Failed);
        _bench.Add("a", "gamma", Verdict.Passed);
        _bench.Add("b", "gamma", Verdict.Infra);
        _bench.Add("a", "delta", Verdict.Passed);
        var comparison = _bench.Compare();
        Assert.That((comparison.Compared, comparison.Cases.Count), Is.EqualTo((2, 4)));
    }

    [Test]
    public void Two_builds_of_one_release_and_what_was_appended_are_shown()
    {
        var comparison = Comparer.Compare(Side("6.1.176-1", null), Side("6.1.180-1", "slub_debug=FZ"), []);
        Assert.That(comparison.A.Kernels, Is.EqualTo(new[] { "mine 6.1.0-50-amd64 (package 6.1.176-1)" }));
        Assert.That(comparison.B.Kernels, Is.EqualTo(new[] { "mine 6.1.0-50-amd64 (package 6.1.180-1)" }));
        Assert.That(
            (comparison.A.Appended, comparison.B.Appended),
            Is.EqualTo((Array.Empty<string>(), new[] { "slub_debug=FZ" }))
        );
    }

    private RunResults Side(string version, string? appended) =>
        new(
            version,
            "/nowhere",
            [
                _bench.Add("a", "whole", Verdict.Passed) with
                {
                    Kernels = [new PlannedKernel("mine", version, "6.1.0-50-amd64")],
                    Appended = appended,
                },
            ]
        );

    [Test]
    public void The_worst_comes_first_with_its_reason_and_makes_the_comparison_fail()
    {
        _bench.AddToBoth("alpha", Verdict.Passed);
        _bench.Add("a", "beta", Verdict.Failed, "it was lost");
        _bench.Add("b", "beta", Verdict.Passed);
        _bench.Add("a", "gamma", Verdict.Passed);
        _bench.Add("b", "gamma", Verdict.Failed, "no record");
        _bench.Add("a", "delta", Verdict.Passed);

        var comparison = _bench.Compare();

        Assert.That(
            comparison.Cases.Select(one => (one.Case, one.Standing)),
            Is.EqualTo(
                new[]
                {
                    ("cycle/gamma/erst", Standing.Regression),
                    ("cycle/delta/erst", Standing.OnlyInA),
                    ("cycle/beta/erst", Standing.Fixed),
                    ("cycle/alpha/erst", Standing.Same),
                }
            )
        );
        Assert.That(comparison.Cases[0].Reason, Is.EqualTo("no record"));
        Assert.That(comparison.Cases[2].Reason, Is.EqualTo("it was lost"));
        Assert.That(comparison.HasRegression);
    }

    [Test]
    public void What_is_the_same_is_no_regression()
    {
        _bench.AddToBoth("alpha", Verdict.Passed);
        _bench.AddToBoth("beta", Verdict.Failed);
        Assert.That(_bench.Compare(), Has.Property("HasRegression").False.And.Property("IsIncomplete").False);
    }

    [Test]
    public void The_reason_that_one_side_is_unsupported_is_told()
    {
        _bench.Add("a", "whole", Verdict.Unsupported, "built without CONFIG_PSTORE_BLK");
        _bench.Add("b", "whole", Verdict.Passed);
        Assert.That(
            _bench.Compare().Cases.Single(),
            Has.Property("Reason").EqualTo("built without CONFIG_PSTORE_BLK").And.Property("A").EqualTo("unsupported")
        );
    }

    [Test]
    public void Repetitions_are_one_case_whose_verdicts_are_counted()
    {
        for (int n = 1; n <= 3; n++)
        {
            _bench.Add("a", "whole", Verdict.Passed, repetition: n);
            _bench.Add("b", "whole", n == 2 ? Verdict.Failed : Verdict.Passed, "torn", repetition: n);
        }

        var one = _bench.Compare().Cases.Single();
        Assert.That(
            (one.Case, one.Standing, one.A, one.B),
            Is.EqualTo(("cycle/whole/erst", Standing.Regression, "passed 3 times", "passed 2, failed 1"))
        );
        Assert.That(one.Reason, Is.EqualTo("torn"));
    }

    [Test]
    public void One_repetition_lost_to_the_machine_does_not_hide_the_others()
    {
        _bench.Add("a", "whole", Verdict.Passed, repetition: 1);
        _bench.Add("a", "whole", Verdict.Infra, repetition: 2);
        _bench.Add("b", "whole", Verdict.Failed);
        Assert.That(_bench.Compare().Cases.Single().Standing, Is.EqualTo(Standing.Regression));
    }

    [Test]
    public void Cells_that_differ_only_in_the_kernel_are_the_same_case()
    {
        foreach (
            var (side, kernel, verdict) in new[]
            {
                ("a", "debian-6.1", Verdict.Passed),
                ("b", "debian-7.2", Verdict.Failed),
            }
        )
        {
            _bench.Add(
                side,
                "whole",
                verdict,
                cell: new Dictionary<string, string> { ["backend"] = "erst", ["kernel"] = kernel }
            );
            _bench.Add(
                side,
                "upgrade",
                Verdict.Passed,
                cell: new Dictionary<string, string>
                {
                    ["writer"] = kernel,
                    ["backend"] = "efi",
                    ["reader"] = kernel,
                }
            );
        }

        Assert.That(
            _bench.Compare("kernel", "writer", "reader").Cases.Select(one => one.Case),
            Is.EqualTo(new[] { "cycle/whole/erst", "cycle/upgrade/efi" })
        );
        Assert.That(
            Assert.Throws<UsageException>(() => _bench.Compare())!.Message,
            Does.Contain("no case in common").And.EndsWith("add --across kernel")
        );
    }

    [Test]
    public void Several_cells_that_would_be_one_case_are_refused()
    {
        foreach (string kernel in new[] { "debian-6.1", "debian-7.2" })
            _bench.Add(
                "a",
                "whole",
                Verdict.Passed,
                cell: new Dictionary<string, string> { ["backend"] = "erst", ["kernel"] = kernel }
            );
        _bench.Add(
            "b",
            "whole",
            Verdict.Passed,
            cell: new Dictionary<string, string> { ["backend"] = "erst", ["kernel"] = "debian-6.1" }
        );

        string message = Assert.Throws<UsageException>(() => _bench.Compare("kernel"))!.Message;
        Assert.That(message, Does.Contain("cycle/whole/erst-debian-6.1").And.Contain("cycle/whole/erst-debian-7.2"));
        Assert.That(_bench.Compare().Cases, Has.Count.EqualTo(2), "each for itself");
    }

    [Test]
    public void A_run_is_read_from_its_folder_or_its_file_and_says_the_same()
    {
        _bench.AddToBoth("alpha", Verdict.Passed);
        string folder = _bench.Write("a");
        Assert.That(RunResults.IsNamedBy(folder));
        var byFolder = RunResults.Load(folder);
        var byFile = RunResults.Load(Path.Combine(folder, "results.jsonl"));
        Assert.That(byFolder.Results.Select(EvidenceJson.Line), Is.EqualTo(byFile.Results.Select(EvidenceJson.Line)));
        Assert.That(byFolder.Root, Is.EqualTo(byFile.Root));
    }

    [TestCase("a\0b")]
    [TestCase("../b/cases/cycle/whole/erst")]
    [TestCase("/etc")]
    public void A_result_that_names_a_folder_outside_of_its_run_has_no_evidence(string folder)
    {
        var b = _bench.Add("b", "whole", Verdict.Passed);
        _bench.Evidence("b", b);
        var a = Results.Of(b.Case, Verdict.Failed) with { Dimensions = b.Dimensions, Folder = folder };
        var comparison = Comparer.Compare(new RunResults("a", _bench.Run("a").Root, [a]), _bench.Run("b"), []);
        Assert.That(comparison.Cases.Single().EvidenceA, Is.Null);
    }

    [Test]
    public void Evidence_that_is_damaged_is_as_good_as_none()
    {
        var a = _bench.Add("a", "whole", Verdict.Passed);
        var b = _bench.Add("b", "whole", Verdict.Passed);
        _bench.Evidence("a", a);
        _bench.Evidence("b", b);
        string console = _bench.Run("b").FolderOf(b)!.Boot(new BootNumber(1)).Console;
        File.Delete(console);
        File.CreateSymbolicLink(console, "/dev/zero");
        Assert.That(_bench.Compare().Cases.Single().Standing, Is.EqualTo(Standing.Same));
    }

    [Test]
    public void A_last_line_that_was_cut_off_is_left_out_with_a_notice()
    {
        using var scratch = new ScratchFolder();
        string whole = EvidenceJson.Line(Results.Of("cycle/a", Verdict.Passed));
        string file = scratch.Write("results.jsonl", $"{whole}\n{whole[..^20]}");
        var run = RunResults.Load(file);
        Assert.That(run.Results, Has.Count.EqualTo(1));
        Assert.That(run.Notice, Is.EqualTo($"{file}:2: the last line is cut off, and its result is left out"));
        scratch.Write("results.jsonl", $"{whole}\n{whole}");
        run = RunResults.Load(file);
        Assert.That((run.Results.Count, run.Notice), Is.EqualTo((2, default(string))), "only its end is missing");
        scratch.Write("results.jsonl", $"{whole[..^20]}\n{whole}\n");
        Assert.Throws<UsageException>(() => RunResults.Load(file), "one in the middle is no end");
    }

    [TestCase("", "holds no result")]
    [TestCase("{}\n", ":1: not a result")]
    [TestCase("nonsense\n", ":1: not a result")]
    [TestCase("null\n", ":1: not a result")]
    public void Damaged_results_are_refused_with_their_line(string text, string expected)
    {
        using var scratch = new ScratchFolder();
        string file = scratch.Write("results.jsonl", text);
        Assert.That(Assert.Throws<UsageException>(() => RunResults.Load(file))!.Message, Does.Contain(expected));
    }

    [Test]
    public void A_folder_without_results_is_refused()
    {
        using var scratch = new ScratchFolder();
        Assert.That(RunResults.IsNamedBy(scratch.Path), Is.False);
        Assert.That(
            Assert.Throws<UsageException>(() => RunResults.Load(scratch.Path))!.Message,
            Does.Contain("holds no results.jsonl")
        );
    }

    [Test]
    public void A_program_can_read_it()
    {
        _bench.Add("a", "whole", Verdict.Passed);
        _bench.Add("b", "whole", Verdict.Failed, "no record");
        var json = System.Text.Json.Nodes.JsonNode.Parse(ComparisonJson.Text(_bench.Compare()))!;
        Assert.That((string?)json["cases"]![0]!["standing"], Is.EqualTo("regression"));
        Assert.That((bool?)json["hasRegression"], Is.True);
    }
}
