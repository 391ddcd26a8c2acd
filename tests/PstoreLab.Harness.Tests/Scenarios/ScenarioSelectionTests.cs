using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Scenarios;

public sealed class ScenarioSelectionTests
{
    private ScenarioBench bench = null!;

    [SetUp]
    public void SetUp()
    {
        bench = new ScenarioBench();
        Write("cycle", "whole", "[ramoops, efi]");
        Write("cycle", "whole-again", "[erst]");
        Write("control", "no-crash", "[ramoops]");

        void Write(string family, string name, string backends) =>
            bench.Write(
                $"{family}/{name}.yaml",
                $$"""
                scenario: {{name}}
                summary: x
                matrix: { backend: {{backends}}, kernel: [debian-5.10, debian-6.1, debian-6.12] }
                steps: [ { boot: "${kernel}" } ]
                expect: { records: none }
                """
            );
    }

    [TearDown]
    public void TearDown() => bench.Dispose();

    [TestCase("", 12)]
    [TestCase("cycle", 9)]
    [TestCase("cycle/", 9)]
    [TestCase("cycle/whole", 6)]
    [TestCase("cycle/whole/efi-debian-6.1", 1)]
    [TestCase("cycle/whole control", 9)]
    [TestCase("cycle/whole cycle", 9)]
    public void Words_choose_families_scenarios_and_cases(string words, int count) =>
        Assert.That(bench.Load(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)), Has.Count.EqualTo(count));

    [TestCase("cylce", "unknown family, scenario or case 'cylce'; did you mean 'cycle'?")]
    [TestCase("cycle/whol", "unknown family, scenario or case 'cycle/whol'; did you mean 'cycle/whole'?")]
    [TestCase(
        "cycle/whole/efi-debian-6.2",
        "unknown family, scenario or case 'cycle/whole/efi-debian-6.2'; did you mean 'cycle/whole/efi-debian-6.1'?"
    )]
    [TestCase("", "found an empty word, expected a family, a scenario, a case or the path of a .yaml file")]
    [TestCase(
        "x",
        "unknown family, scenario or case 'x'; nearest are cycle, control, cycle/whole, control/no-crash, "
            + "cycle/whole-again; `pstorelab list` has all"
    )]
    [TestCase(
        "a/linux-image.deb",
        "'a/linux-image.deb' is a package; to test its kernel: cycle --kernel a/linux-image.deb"
    )]
    public void A_word_that_means_nothing_is_refused(string word, string message) =>
        Assert.That(bench.FailureOf(word), Is.EqualTo(message));

    [Test]
    public void A_file_that_no_word_touches_is_not_read()
    {
        bench.Write("control/broken.yaml", "[");
        Assert.That(bench.Load("cycle"), Has.Count.EqualTo(9));
    }

    [Test]
    public void A_file_may_lie_anywhere_and_its_folder_is_its_family()
    {
        using var elsewhere = new ScenarioBench();
        var path = elsewhere.Write(
            "my lab/mine.yml",
            "scenario: mine\nsummary: x\nbackend: efi\nsteps: [ { boot: debian-6.1 } ]\nexpect: { records: none }\n"
        );
        Assert.That(
            bench.Load(path).Single(),
            Has.Property("Id").EqualTo("my_lab/mine").And.Property("Family").EqualTo("my lab")
        );
    }

    [Test]
    public void The_path_of_a_shipped_file_chooses_it_once()
    {
        var path = Path.Combine(bench.Folder, "cycle", "whole.yaml");
        Assert.That(bench.Load("cycle/whole", path).Select(c => c.Id), Is.Unique.And.Exactly(6).Items);
    }

    [Test]
    public void Two_files_with_cases_of_the_same_id_cannot_run_together()
    {
        using var elsewhere = new ScenarioBench();
        var copy = elsewhere.Write(
            "cycle/whole.yaml",
            File.ReadAllText(Path.Combine(bench.Folder, "cycle", "whole.yaml"))
        );
        Assert.That(
            bench.FailureOf("cycle", copy),
            Does.Contain("found the case cycle/whole/ramoops-debian-5.10, which cycle/whole.yaml has, too")
        );
    }

    [TestCase("backend=efi", 3)]
    [TestCase("backend=e*", 6)]
    [TestCase("backend=efi,erst", 6)]
    [TestCase("kernel=>=6.1", 8)]
    [TestCase("kernel>=6.1", 8)]
    [TestCase("kernel<6.12", 8)]
    [TestCase("kernel>=6.1 kernel<6.12", 4)]
    [TestCase("kernel=>=6.1,<6.12", 4)]
    [TestCase("kernel=debian-5.10,>6.1", 8)]
    [TestCase("backend=efi kernel=debian-6.1", 1)]
    [TestCase("family=cycle scenario=whole", 6)]
    [TestCase("quick=true", 3)]
    [TestCase("quick=false", 9)]
    [TestCase("backend!=efi", 9)]
    [TestCase("backend!=efi,erst", 6)]
    [TestCase("backend!=efi backend!=erst", 6)]
    [TestCase("backend!=e*", 6)]
    [TestCase("backend!=efi kernel=debian-6.1", 3)]
    [TestCase("kernel!=>=6.1", 4)]
    [TestCase("quick!=true", 9)]
    public void Filters_keep_the_cases_that_match(string filters, int count) =>
        Assert.That(CaseFilter.Parse(filters.Split(' ')).Apply(bench.Load()), Has.Count.EqualTo(count));

    [TestCase(
        "backend",
        "--filter: found 'backend', expected KEY=VALUE, such as backend=ramoops, backend!=efi or kernel=>=6.6"
    )]
    [TestCase("kernel=>=new", "--filter: found the range '>=new', expected a version after '>=', such as >=6.6")]
    [TestCase(
        "backend=a,,b",
        "--filter: found 'a,,b', expected a value, a glob, a list such as a,b or a version range such as >=6.6"
    )]
    [TestCase(
        "bakend=efi",
        "--filter: unknown key 'bakend', expected one of backend, family, kernel, machine, quick, scenario; did "
            + "you mean 'backend'?"
    )]
    [TestCase(
        "backend=ramops",
        "--filter: no case has backend=ramops; of the 12 cases chosen, backend is one of ramoops, erst, "
            + "efi (did you mean 'ramoops'?)"
    )]
    [TestCase(
        "backend=efi family=control",
        "--filter: no case has backend=efi and family=control; of the 12 cases chosen, backend is one of "
            + "ramoops, erst, efi; family is one of control, cycle"
    )]
    [TestCase(
        "backend!=efj",
        "--filter: unknown backend to leave out, 'efj', expected one of ramoops, erst, efi; did you mean 'efi'?"
    )]
    [TestCase(
        "backend!=*",
        "--filter: no case has backend!=*; of the 12 cases chosen, backend is one of ramoops, erst, efi"
    )]
    public void A_filter_that_cannot_be_or_leaves_nothing_says_what_there_is(string filters, string message) =>
        Assert.That(
            Assert.Throws<UsageException>(() => CaseFilter.Parse(filters.Split(' ')).Apply(bench.Load()))!.Message,
            Is.EqualTo(message)
        );

    [Test]
    public void The_filter_kernel_means_the_writer_or_the_reader()
    {
        bench.Write(
            "up/grade.yaml",
            """
            scenario: grade
            summary: x
            backend: erst
            matrix: { writer: [debian-5.10, debian-6.1], reader: [debian-6.12, debian-7.2] }
            steps: [ { boot: "${writer}" }, { restart: { cold: "${reader}" } } ]
            expect: { records: none }
            """
        );
        var cases = bench.Load("up");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(CaseFilter.Parse(["kernel=debian-6.12"]).Apply(cases), Has.Count.EqualTo(2));
            Assert.That(CaseFilter.Parse(["writer=debian-6.1"]).Apply(cases), Has.Count.EqualTo(2));
            Assert.That(CaseFilter.Parse(["kernel=debian-6.1,debian-7.2"]).Apply(cases), Has.Count.EqualTo(3));
            Assert.That(
                CaseFilter.Parse(["reader=*"]).Apply(bench.Load()),
                Has.Count.EqualTo(4),
                "a case without the dimension is dropped"
            );
        }
    }
}
