using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Scenarios;

public sealed class ScenarioExpansionTests
{
    private ScenarioBench bench = null!;

    [SetUp]
    public void SetUp() => bench = new ScenarioBench();

    [TearDown]
    public void TearDown() => bench.Dispose();

    private IReadOnlyList<Case> Load(string yaml) =>
        bench.Load(bench.Write("family/s.yaml", $"scenario: s\nsummary: x\n{yaml}"));

    [Test]
    public void The_machine_has_the_backends_that_are_present_in_their_order()
    {
        const string Steps =
            "steps: [ { boot: debian-6.1 }, { crash: nmi }, { restart: cold } ]\nexpect: { registered: "
            + "[efi, efi_pstore] }";
        Assert.That(Load($"backend: efi\n{Steps}").Single().Present, Is.EqualTo(new[] { "efi" }));
        Assert.That(
            Load($"backend: efi\npresent: [erst, efi]\n{Steps}").Single().Present,
            Is.EqualTo(new[] { "erst", "efi" })
        );
        Assert.That(
            Assert.Throws<UsageException>(() => Load($"backend: efi\npresent: [erst, ramoops]\n{Steps}"))!.Message,
            Does.EndWith("found backends without efi, which is the one that is judged; expected it among them")
        );
    }

    [Test]
    public void The_matrix_is_the_product_of_its_dimensions_in_their_order()
    {
        var cases = Load(
            """
            matrix:
              restart: [warm, cold]
              backend: [erst, efi]
              kernel: debian-6.1
            steps: [ { boot: "${kernel}" }, { crash: nmi }, { restart: "${restart}" } ]
            expect: { records: none }
            """
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                cases.Select(c => c.Id),
                Is.EqualTo(
                    new[]
                    {
                        "family/s/warm-erst-debian-6.1",
                        "family/s/warm-efi-debian-6.1",
                        "family/s/cold-erst-debian-6.1",
                        "family/s/cold-efi-debian-6.1",
                    }
                )
            );
            Assert.That(
                cases[1].Dimensions,
                Is.EqualTo(
                    new Dictionary<string, string>
                    {
                        ["restart"] = "warm",
                        ["backend"] = "efi",
                        ["kernel"] = "debian-6.1",
                    }
                )
            );
            Assert.That(cases.Select(c => c.Backend), Is.EqualTo(new[] { "erst", "efi", "erst", "efi" }));
            Assert.That(cases.Select(c => c.Quick), Is.EqualTo(new[] { true, false, false, false }));
            Assert.That(((RestartStep)cases[2].Steps[2]).Kind, Is.EqualTo(RestartKind.Cold));
        }
    }

    [TestCase("", "warm")]
    [TestCase("quick: none", "")]
    [TestCase("quick: { restart: cold }", "cold")]
    [TestCase("quick: [ { restart: cold }, { restart: warm } ]", "warm cold")]
    public void The_quick_cells_are_those_that_are_named(string quick, string restarts)
    {
        var cases = Load(
            $$"""
            backend: erst
            matrix: { restart: [warm, cold] }
            {{quick}}
            steps: [ { boot: debian-6.1 }, { crash: nmi }, { restart: "${restart}" } ]
            expect: { records: none }
            """
        );
        Assert.That(
            string.Join(' ', cases.Where(c => c.Quick).Select(c => c.Dimensions["restart"])),
            Is.EqualTo(restarts)
        );
    }

    [Test]
    public void Everything_the_language_can_say_arrives_in_the_case()
    {
        var @case = Load(
                """
                backend: ramoops
                store: 256K
                parameters: { ramoops.ecc: 1, nokaslr: }
                steps:
                  - boot: debian-5.10
                    parameters: { pstore.compress: none }
                    mount: kmsg_bytes=8192
                    image: bzImage
                  - crash: { way: sysrq-c, markers: 20 }
                  - restart: { cold: debian-6.1 }
                    parameters: { a.b: c }
                  - expect: { records: { type: dmesg, name: "dmesg-*" }, console: x, console-without: [y, z] }
                  - erase: all
                  - power-cut: { after: "Kernel panic", during: nmi, markers: 3 }
                  - restart: cold
                  - erase: "dmesg-*"
                  - power-cut:
                  - restart: cold
                expect:
                  records: [ { type: dmesg, reason: Panic, crash: 1, content: nonce }, { type: pmsg, content: any } ]
                """
            )
            .Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(@case.Id, Is.EqualTo("family/s"));
            Assert.That(@case.Source.ToString(), Does.EndWith("s.yaml:1:1"));
            Assert.That(@case.StoreSize, Is.EqualTo(256 * 1024));
            Assert.That(
                @case.Parameters,
                Is.EqualTo(new Dictionary<string, string> { ["ramoops.ecc"] = "1", ["nokaslr"] = "" })
            );
            Assert.That(@case.Quick, Is.True);
            Assert.That(
                @case.Steps.Select(step => step.Source.Line),
                Is.EqualTo(new[] { 7, 11, 12, 14, 15, 16, 17, 18, 19, 20, 22 })
            );

            var boot = (BootStep)@case.Steps[0];
            Assert.That(
                boot.Options.Parameters,
                Is.EqualTo(new Dictionary<string, string> { ["pstore.compress"] = "none" })
            );
            Assert.That((boot.Options.Mount, boot.Options.Image), Is.EqualTo(("kmsg_bytes=8192", KernelImage.BzImage)));
            Assert.That(@case.Steps[1], Is.EqualTo(new CrashStep(@case.Steps[1].Source, "sysrq-c", 20, false)));
            Assert.That(
                (RestartStep)@case.Steps[2],
                Has.Property("Kernel").EqualTo("debian-6.1").And.Property("Kind").EqualTo(RestartKind.Cold)
            );
            Assert.That(@case.Steps[4], Is.EqualTo(new EraseStep(@case.Steps[4].Source, "*")));
            Assert.That(@case.Steps[5], Is.EqualTo(new PowerCutStep(@case.Steps[5].Source, "Kernel panic", "nmi", 3)));
            var again = (RestartStep)@case.Steps[6];
            Assert.That((again.Kind, again.Kernel), Is.EqualTo((RestartKind.Cold, (string?)null)));
            Assert.That(
                again.Options with
                {
                    Parameters = BootOptions.None.Parameters,
                    Files = BootOptions.None.Files,
                },
                Is.EqualTo(BootOptions.None)
            );
            Assert.That((again.Options.Parameters.Count, again.Options.Files.Count), Is.EqualTo((0, 0)));
            Assert.That(@case.Steps[8], Is.EqualTo(new PowerCutStep(@case.Steps[8].Source, null, "none", 8)));

            var first = ((ExpectStep)@case.Steps[3]).Expectation;
            Assert.That(
                first.Records!.Single(),
                Is.EqualTo(
                    new ExpectedRecord(
                        first.Records![0].Source,
                        "dmesg",
                        null,
                        CrashNumber.Last,
                        "dmesg-*",
                        RecordContent.WholeTail,
                        null
                    )
                    {
                        Holds = first.Records![0].Holds,
                    }
                )
            );
            Assert.That((first.Console, first.ConsoleWithout), Is.EqualTo((new[] { "x" }, new[] { "y", "z" })));
            var last = ((ExpectStep)@case.Steps[10]).Expectation;
            Assert.That(
                last.Records!.Select(r => (r.Type, r.Reason, r.Crash, r.Content)),
                Is.EqualTo(
                    new[]
                    {
                        ("dmesg", "Panic", new CrashNumber(1), RecordContent.Nonce),
                        ("pmsg", null, CrashNumber.Last, RecordContent.Any),
                    }
                )
            );
        }
    }

    [Test]
    public void A_value_of_the_matrix_may_refer_to_another_dimension()
    {
        var cases = Load(
            """
            backend: erst
            matrix: { reader: ["${writer}", debian-7.2], writer: [debian-6.1, debian-5.10] }
            steps: [ { boot: "${writer}" }, { restart: { cold: ${reader} } } ]
            expect: { console: "from ${writer}, not $${writer}" }
            """
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                cases.Select(c => c.Dimensions["reader"]),
                Is.EqualTo(new[] { "debian-6.1", "debian-5.10", "debian-7.2", "debian-7.2" })
            );
            Assert.That(
                ((ExpectStep)cases[1].Steps[2]).Expectation.Console,
                Is.EqualTo(new[] { "from debian-5.10, not ${writer}" })
            );
        }
    }

    [Test]
    public void Excluded_cells_are_left_out_and_quick_ones_marked()
    {
        var cases = Load(
            """
            matrix: { backend: [erst, efi], kernel: [debian-5.10, debian-6.1, debian-7.2] }
            exclude: [ { backend: efi, kernel: "<6" }, { backend: erst, kernel: debian-7.2 } ]
            quick: { kernel: ">=6.1,<7" }
            steps: [ { boot: "${kernel}" } ]
            expect: { records: none }
            """
        );
        Assert.That(
            cases.Select(c => (c.Id["family/s/".Length..], c.Quick)),
            Is.EqualTo(
                new[]
                {
                    ("erst-debian-5.10", false),
                    ("erst-debian-6.1", true),
                    ("efi-debian-6.1", true),
                    ("efi-debian-7.2", false),
                }
            )
        );
    }

    [Test]
    public void A_known_bug_is_in_the_cells_where_its_condition_holds_and_in_no_other()
    {
        var cases = Load(
            """
            backend: erst
            matrix: { writer: debian-5.10, reader: [debian-5.10, debian-6.12, debian-7.2] }
            steps: [ { boot: "${writer}" }, { crash: nmi }, { restart: { cold: "${reader}" } } ]
            expect: { records: { type: dmesg } }
            known:
              - bug: zlib-only-since-6.6
                when: { reader: ">=6.6", backend: [erst, erst] }
                instead: { records: [ { type: dmesg, name: "*.enc.z", content: unread } ], console: "${reader} failed" }
            """
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(cases.Select(c => c.Known.Count), Is.EqualTo(new[] { 0, 1, 1 }));
            Assert.That(
                cases[2].Known[0].When,
                Is.EqualTo(new Dictionary<string, string> { ["reader"] = ">=6.6", ["backend"] = "erst,erst" })
            );
            Assert.That(cases[2].Known[0].Instead.Console, Is.EqualTo(new[] { "debian-7.2 failed" }));
        }
    }

    [TestCase("../..", "family/s/_._..")]
    [TestCase("a b;$(c)", "family/s/a_b___c_")]
    [TestCase("-rf", "family/s/_rf")]
    public void An_id_is_a_path_and_a_shell_word_whatever_the_values(string value, string id)
    {
        var cases = Load(
            $"backend: erst\nmatrix: {{ v: '{value}' }}\nsteps: [ {{ boot: debian-6.1 }} ]\nexpect: {{ "
                + $"records: none }}\n"
        );
        Assert.That(cases.Single().Id, Is.EqualTo(id));
    }

    [Test]
    public void Ten_thousand_cells_are_not_too_many()
    {
        var ten = "[0,1,2,3,4,5,6,7,8,9]";
        var cases = Load(
            $"backend: erst\nmatrix: {{ a: {ten}, b: {ten}, c: {ten}, d: {ten} }}\nsteps: [ {{ boot: "
                + $"debian-6.1 }} ]\nexpect: {{ records: none }}\n"
        );
        Assert.That(cases, Has.Count.EqualTo(10_000));
    }
}
