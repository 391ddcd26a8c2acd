using System.Diagnostics;
using System.Text;

namespace PstoreLab.Harness.Tests.Scenarios;

public sealed class ScenarioErrorTests
{
    private const string Start = "scenario: s\nsummary: x\nbackend: ramoops\n";
    private const string Steps = "steps: [ { boot: debian-6.1 }, { crash: sysrq-c }, { restart: cold } ]\n";
    private const string Expect = "expect: { records: none }\n";

    private ScenarioBench bench = null!;

    [SetUp]
    public void SetUp() => bench = new ScenarioBench();

    [TearDown]
    public void TearDown() => bench.Dispose();

    private static IEnumerable<TestCaseData> Wrong()
    {
        const string keys =
            "scenario, summary, covers, matrix, exclude, quick, backend, present, store, parameters, "
            + "steps, expect, known, bugs";
        const string ways = "sysrq-c, nmi, oops, none";
        const string kernels = "debian-5.10, debian-6.1, debian-6.12, debian-6.18, debian-7.2";

        yield return Case(
            "misspelt key",
            "scenario: s\nsumary: x\n",
            $"2:1: unknown key 'sumary', expected one of {keys}; did you mean 'summary'?"
        );
        yield return Case(
            "key of nothing known",
            "scenario: s\nfrobnicate: x\n",
            $"2:1: unknown key 'frobnicate', expected one of {keys}"
        );
        yield return Case(
            "missing key",
            "summary: x\nsteps: []\n",
            "1:1: the key 'scenario' is missing, expected scenario: The name of the file without .yaml."
        );
        yield return Case(
            "other name than the file's",
            "scenario: t\nsummary: x\nsteps: []\n",
            "1:11: found the scenario 't', expected 's', the name of its file"
        );
        yield return Case(
            "duplicate key",
            "scenario: s\nscenario: s\n",
            "2:1: found the key 'scenario' again, expected it once (first on line 1)"
        );
        yield return Case(
            "no value",
            "scenario:\nsummary: x\nsteps: []\n",
            "1:10: found nothing, expected text for 'scenario'"
        );
        yield return Case("empty file", "", "1:1: found an empty file, expected a scenario");
        yield return Case("only a comment", "# nothing\n", "1:1: found an empty file, expected a scenario");
        yield return Case(
            "a list",
            "- a\n",
            "1:1: found a list, expected a mapping with the keys scenario, summary, steps, …"
        );
        yield return Case(
            "a word",
            "a\n",
            "1:1: found 'a', expected a mapping with the keys scenario, summary, steps, …"
        );
        yield return Case(
            "two documents",
            $"{Start}{Steps}{Expect}---\nscenario: s\n",
            "6:1: found a second document, expected one scenario in a file"
        );
        yield return Case("a key that is a list", "[a]: b\n", "1:1: found a list as a key, expected a name");
        yield return Case(
            "an anchor in itself",
            "scenario: &a [ *a ]\n",
            "1:16: found the alias '*a' inside its own anchor, expected a value that ends"
        );
        yield return Case(
            "an alias of nothing",
            "scenario: *a\n",
            "1:11: found the alias '*a', expected an anchor '&a' before it"
        );

        yield return Case(
            "unknown kernel",
            $"{Start}steps: [ {{ boot: debian-6.13 }} ]\n",
            $"4:18: unknown kernel 'debian-6.13', expected one of {kernels}; did you mean 'debian-6.1'?"
        );
        yield return Case(
            "unknown kernel in the matrix",
            $"{Start}matrix:\n  k: [debian-6.1, debain-6.1]\nsteps: [ {{ boot: \"${{k}}\" }}, {{ expect: {{ "
                + $"console: x }} }} ]\n",
            $"5:19: unknown kernel 'debain-6.1', expected one of {kernels}; did you mean 'debian-6.1'?"
        );
        yield return Case(
            "unknown kernel to restart",
            $"{Start}steps: [ {{ boot: debian-6.1 }}, {{ restart: {{ cold: linux }} }} ]\n",
            $"4:51: unknown kernel 'linux', expected one of {kernels}"
        );
        yield return Case(
            "unknown backend",
            $"scenario: s\nsummary: x\nbackend: ramops\n{Steps}{Expect}",
            "3:10: unknown backend 'ramops', expected one of ramoops, erst, efi, pstore-blk, mtd-pstore; "
                + "did you mean 'ramoops'?"
        );
        yield return Case(
            "no backend",
            $"scenario: s\nsummary: x\n{Steps}{Expect}",
            "1:1: the key 'backend' is missing, expected backend: NAME or a dimension 'backend' in the matrix"
        );
        yield return Case(
            "unknown crash",
            $"{Start}steps: [ {{ boot: debian-6.1 }}, {{ crash: sysrqc }} ]\n",
            $"4:41: unknown crash trigger 'sysrqc', expected one of {ways}; did you mean 'sysrq-c'?"
        );
        yield return Case(
            "unknown crash of a power cut",
            $"{Start}steps: [ {{ boot: debian-6.1 }}, {{ power-cut: {{ during: nmo }} }} ]\n",
            $"4:55: unknown crash trigger 'nmo', expected one of {ways}; did you mean 'nmi'?"
        );

        yield return Case(
            "bad size",
            $"{Start}store: 256 KB\n{Steps}{Expect}",
            "4:8: found '256 KB', expected a size for 'store', such as 65536, 64K or 1M"
        );
        yield return Case(
            "size of nothing",
            $"{Start}store: 0K\n{Steps}{Expect}",
            "4:8: found '0K', expected a size from 1 to 1024M for 'store'"
        );
        yield return Case(
            "size beyond all numbers",
            $"{Start}store: 99999999999999999999M\n{Steps}{Expect}",
            "4:8: found '99999999999999999999M', expected a size from 1 to 1024M for 'store'"
        );
        yield return Case(
            "too many markers",
            $"{Start}steps: [ {{ boot: debian-6.1 }}, {{ crash: {{ way: nmi, markers: 10001 }} }} ]\n",
            "4:62: found '10001', expected a number from 1 to 10000 for 'markers'"
        );
        yield return Case(
            "no number",
            $"{Start}steps: [ {{ boot: debian-6.1 }}, {{ crash: {{ way: nmi, markers: few }} }} ]\n",
            "4:62: found 'few', expected a number from 1 to 10000 for 'markers'"
        );

        yield return Case(
            "no step",
            $"{Start}steps: []\n{Expect}",
            "5:9: found no boot at the beginning of the steps, expected boot: KERNEL first"
        );
        yield return Case(
            "crash first",
            $"{Start}steps: [ {{ crash: nmi }} ]\n",
            "4:10: found no boot at the beginning of the steps, expected boot: KERNEL first"
        );
        yield return Case(
            "second boot",
            $"{Start}steps: [ {{ boot: debian-6.1 }}, {{ boot: debian-6.1 }} ]\n",
            "4:32: found a second boot, expected one at the beginning; to boot again over the same store, write restart"
        );
        yield return Case(
            "no expectation",
            $"{Start}{Steps}",
            "4:10: found steps without an expectation, expected at least one 'expect'"
        );
        yield return Case(
            "dead guest",
            $"{Start}steps: [ {{ boot: debian-6.1 }}, {{ crash: nmi }} ]\n{Expect}",
            "5:9: found a step after the crash on line 4, expected restart before it"
        );
        yield return Case(
            "dead guest killed again",
            $"{Start}steps:\n- boot: debian-6.1\n- crash: nmi\n- crash: nmi\n",
            "7:3: found a step after the crash on line 6, expected restart before it"
        );
        yield return Case(
            "warm after a power cut",
            $"{Start}steps:\n- boot: debian-6.1\n- power-cut:\n- restart: warm\n",
            "7:3: found a warm restart after a power cut, expected restart: cold; the power cut ends QEMU"
        );
        yield return Case(
            "warm with a kernel",
            $"{Start}steps:\n- boot: debian-6.1\n- restart: {{ warm: debian-6.1 }}\n",
            "6:14: found 'warm' with a kernel, expected 'warm' alone or { cold: KERNEL }: a warm restart "
                + "keeps the kernel"
        );
        yield return Case(
            "restart of no kind",
            $"{Start}steps:\n- boot: debian-6.1\n- restart: {{}}\n",
            "6:12: found none, expected exactly one of cold"
        );
        yield return Case(
            "restart of unknown kind",
            $"{Start}steps:\n- boot: debian-6.1\n- restart: could\n",
            "6:12: unknown kind 'could', expected one of warm, cold; did you mean 'cold'?"
        );
        yield return Case(
            "image of unknown kind",
            $"{Start}steps:\n- boot: debian-6.1\n  image: bzimage\n",
            "6:10: unknown image 'bzimage', expected one of vmlinux, bzImage; did you mean 'bzImage'?"
        );
        yield return Case(
            "two things in a step",
            $"{Start}steps:\n- boot: debian-6.1\n  crash: nmi\n",
            "5:3: found boot and crash, expected exactly one of boot, crash, power-cut, restart, expect, "
                + "erase, damage, run, repeat"
        );
        yield return Case(
            "a step of nothing",
            $"{Start}steps:\n- mount: x\n",
            "5:3: found none, expected exactly one of boot, crash, power-cut, restart, expect, erase, "
                + "damage, run, repeat"
        );
        yield return Case(
            "parameters of a crash",
            $"{Start}steps:\n- boot: debian-6.1\n- crash: nmi\n  parameters: {{ a: 1 }}\n",
            "6:3: found 'parameters' in a step that boots nothing, expected it beside boot or restart"
        );
        yield return Case(
            "a step that is a word",
            $"{Start}steps: [ boot ]\n",
            "4:10: found 'boot', expected a mapping for 'steps' with boot, crash, power-cut, restart, "
                + "expect, erase, damage, run, repeat, parameters, cpus, mount, image, systemd, modules, "
                + "capture-kernel, files"
        );

        yield return Case(
            "an expectation of nothing",
            $"{Start}{Steps}expect: {{}}\n",
            "5:9: found an expectation of nothing, expected records, archive, journal, archiver, vmcore, "
                + "registered, console, console-without or reports"
        );
        yield return Case(
            "unknown type",
            $"{Start}{Steps}expect: {{ records: [ {{ type: dmseg }} ] }}\n",
            "5:30: unknown type 'dmseg', expected one of dmesg, console, pmsg, ftrace, mce; did you mean 'dmesg'?"
        );
        yield return Case(
            "unknown reason",
            $"{Start}{Steps}expect: {{ records: {{ type: dmesg, reason: panic }} }}\n",
            "5:43: unknown reason 'panic', expected one of Panic, Oops, Emergency, Shutdown, Restart, "
                + "Halt, Poweroff, Unknown; did you mean 'Panic'?"
        );
        yield return Case(
            "unknown content",
            $"{Start}{Steps}expect: {{ records: {{ type: dmesg, content: whole }} }}\n",
            "5:44: unknown content 'whole', expected one of nonce, whole-tail, tail, compressed, whole-or-broken, any"
        );
        yield return Case(
            "crash of number 0",
            $"{Start}{Steps}expect: {{ records: {{ type: dmesg, crash: 0 }} }}\n",
            "5:42: found the crash '0', expected a number, from 1, or a range such as 3..18"
        );
        yield return Case(
            "crash that never was",
            $"{Start}{Steps}expect: {{ records: {{ type: dmesg, crash: 2 }} }}\n",
            "5:20: found a record of crash 2, expected one of the 1 before this step"
        );
        yield return Case(
            "record before any crash",
            $"{Start}steps: [ {{ boot: debian-6.1 }} ]\nexpect: {{ records: {{ type: dmesg }} }}\n",
            "5:20: found a record before any crash, expected a crash or power-cut step earlier"
        );
        yield return Case(
            "records that are a word",
            $"{Start}{Steps}expect: {{ records: some }}\n",
            "5:20: found 'some', expected a mapping for 'records' with type, reason, crash, name, content, "
                + "holds, parts, ecc"
        );

        yield return Case(
            "matrix of nothing",
            $"{Start}matrix: {{ k: [] }}\n{Steps}{Expect}",
            "4:11: the dimension 'k' has no values, expected at least one"
        );
        yield return Case(
            "matrix without a value",
            $"{Start}matrix:\n{Steps}{Expect}",
            "4:8: found nothing, expected a mapping of names to values for 'matrix'"
        );
        yield return Case(
            "matrix of mappings",
            $"{Start}matrix: {{ k: [ {{ a: b }} ] }}\n{Steps}{Expect}",
            "4:16: found a mapping, expected text for 'matrix'"
        );
        yield return Case(
            "matrix too large",
            $"{Start}matrix: {{ {string.Join(", ", "abcde".Select(d => $"{d}: [0,1,2,3,4,5,6,7,8,9]"))} "
                + $"}}\n{Steps}{Expect}",
            "4:115: found a matrix of 100000 cells or more, expected at most 10000"
        );
        yield return Case(
            "dimension that every case has",
            $"{Start}matrix: {{ quick: 1 }}\n{Steps}{Expect}",
            "4:11: found the dimension 'quick', expected another name: every case already has a quick"
        );
        yield return Case(
            "dimension of no name",
            $"{Start}matrix: {{ a b: 1 }}\n{Steps}{Expect}",
            "4:11: found the dimension 'a b', expected a name of letters, digits, '-' and '_'"
        );
        yield return Case(
            "two cells of one id",
            $"{Start}matrix: {{ k: [a, a] }}\n{Steps}{Expect}",
            "4:18: found a second cell with the id FAMILY/s/a, expected values that differ"
        );
        yield return Case(
            "undefined reference",
            $"{Start}matrix: {{ kernel: debian-6.1 }}\nsteps: [ {{ boot: ${{kernal}} }} ]\n",
            "5:18: unknown dimension 'kernal', expected kernel; did you mean 'kernel'?"
        );
        yield return Case(
            "undefined reference within text",
            $"{Start}{Steps}expect: {{ console: \"on ${{kernel}}\" }}\n",
            "5:24: unknown dimension 'kernel', expected none"
        );
        yield return Case(
            "undefined reference in the matrix",
            $"{Start}matrix: {{ a: \"${{b}}\" }}\n{Steps}{Expect}",
            "4:15: unknown dimension 'b', expected a"
        );
        yield return Case(
            "reference without an end",
            $"{Start}{Steps}expect: {{ console: \"${{kernel\" }}\n",
            "5:21: found '${' without '}', expected ${DIMENSION}, or $${ for the characters themselves"
        );
        yield return Case(
            "circle of references",
            $"{Start}matrix: {{ a: \"${{b}}\", b: \"x${{a}}\" }}\n{Steps}{Expect}",
            "4:27: found a circle of references (a → b → a), expected values"
        );
        yield return Case(
            "reference to itself",
            $"{Start}matrix: {{ a: ${{a}} }}\n{Steps}{Expect}",
            "4:14: found a circle of references (a → a), expected values"
        );
        yield return Case(
            "exclude of no dimension",
            $"{Start}matrix: {{ a: [1, 2] }}\nexclude: {{ b: 1 }}\n{Steps}{Expect}",
            "5:12: unknown dimension 'b', expected a"
        );
        yield return Case(
            "exclude of no value",
            $"{Start}matrix: {{ a: [one, two] }}\nexclude: {{ a: noe }}\n{Steps}{Expect}",
            "5:15: unknown a 'noe', expected one of one, two; did you mean 'one'?"
        );
        yield return Case(
            "exclude of everything",
            $"{Start}matrix: {{ a: [1, 2] }}\nexclude: {{ a: '*' }}\n{Steps}{Expect}",
            "1:1: found a matrix that 'exclude' leaves no cell of, expected at least one"
        );
        yield return Case(
            "quick of no cell",
            $"{Start}matrix: {{ a: [1, 2] }}\nquick: {{ a: '>9' }}\n{Steps}{Expect}",
            "5:10: found a condition in 'quick' that no cell meets, expected one that chooses cells"
        );
        yield return Case(
            "range without a version",
            $"{Start}matrix: {{ a: [1, 2] }}\nquick: {{ a: '>=new' }}\n{Steps}{Expect}",
            "5:13: found the range '>=new', expected a version after '>=', such as >=6.6"
        );
        yield return Case(
            "known of no dimension",
            $"{Start}{Steps}{Expect}known: {{ bug: b, when: {{ reader: 1 }}, instead: {{ console: x }} }}\n",
            "6:26: unknown dimension 'reader', expected none"
        );

        yield return Case(
            "parameter of no name",
            $"{Start}parameters: {{ 'a b': 1 }}\n{Steps}{Expect}",
            "4:15: found the parameter 'a b', expected a name such as ramoops.ecc"
        );
        yield return Case(
            "parameter with a quote",
            $"{Start}parameters: {{ a: 'b\"' }}\n{Steps}{Expect}",
            "4:18: found 'b\"', expected a word without blanks, double quotes and control characters"
        );
        yield return Case(
            "parameter of two words",
            $"{Start}parameters: {{ a: 'b memmap=1M$0' }}\n{Steps}{Expect}",
            "4:18: found 'b memmap=1M$0', expected a word without blanks, double quotes and control characters"
        );
        yield return Case(
            "erasing two names",
            $"{Start}steps: [{{ boot: debian-6.1 }}, {{ erase: a b }}]\n{Expect}",
            "4:40: found 'a b', expected a word without blanks, double quotes and control characters"
        );
        yield return Case(
            "parameter of many values",
            $"{Start}parameters: {{ a: [1] }}\n{Steps}{Expect}",
            "4:18: found a list, expected text for 'parameters'"
        );
    }

    [TestCaseSource(nameof(Wrong))]
    public void A_wrong_scenario_is_refused_with_its_place_and_what_was_expected(string yaml, string message)
    {
        var path = bench.Write("family/s.yaml", yaml);
        Assert.That(bench.FailureOf(path), Is.EqualTo($"family/s.yaml:{message.Replace("FAMILY", "family")}"));
    }

    [TestCase("scenario: [\n", 2)]
    [TestCase("scenario: 'a\n", 1)]
    [TestCase("scenario: s\n  summary: x\n", 2)]
    [TestCase("scenario: s\n\tsummary: x\n", 1)]
    [TestCase("scenario: %\n", 1)]
    public void What_is_not_YAML_is_refused_with_its_line(string yaml, int line)
    {
        var path = bench.Write("family/s.yaml", yaml);
        Assert.That(bench.FailureOf(path), Does.Match($"^family/s\\.yaml:{line}:\\d+: not YAML: .+"));
    }

    [Test]
    public void A_few_lines_of_aliases_that_stand_for_billions_of_values_are_refused_at_once()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 20; i++)
            bomb.AppendLine($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]");
        var path = bench.Write("family/s.yaml", bomb.ToString());
        var watch = Stopwatch.StartNew();
        Assert.That(
            bench.FailureOf(path),
            Is.EqualTo("family/s.yaml:5:15: found more than 20000 values with aliases followed, expected a scenario")
        );
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public void Dimensions_that_double_with_each_reference_are_refused_at_once()
    {
        var dimensions = Enumerable.Range(0, 31).Select(i => $"a{i}: \"${{a{i + 1}}}${{a{i + 1}}}\"").Append("a31: x");
        var path = bench.Write(
            "family/s.yaml",
            $"{Start}matrix: {{ {string.Join(", ", dimensions)} }}\n{Steps}{Expect}"
        );
        Assert.That(
            bench.FailureOf(path),
            Does.Match(
                "^family/s\\.yaml:4:\\d+: found a text that grows beyond 4096 characters, expected a shorter one$"
            )
        );
    }

    [Test]
    public void More_dimensions_than_anybody_means_are_refused()
    {
        var dimensions = Enumerable.Range(0, 9000).Select(i => $"  a{i}: x\n");
        var path = bench.Write("family/s.yaml", $"{Start}matrix:\n{string.Concat(dimensions)}{Steps}{Expect}");
        Assert.That(
            bench.FailureOf(path),
            Is.EqualTo("family/s.yaml:37:3: found 9000 dimensions, expected at most 32")
        );
    }

    [Test]
    public void Lines_that_end_the_Windows_way_are_counted_alike()
    {
        var path = bench.Write("family/s.yaml", $"{Start}stor: 1K\n{Steps}{Expect}".Replace("\n", "\r\n"));
        Assert.That(bench.FailureOf(path), Does.StartWith("family/s.yaml:4:1: unknown key 'stor'"));
    }

    [TestCase('[')]
    [TestCase('{')]
    public void Nesting_without_an_end_is_refused_at_once(char bracket)
    {
        var path = bench.Write("family/s.yaml", "a: " + new string(bracket, 500_000));
        var watch = Stopwatch.StartNew();
        Assert.That(bench.FailureOf(path), Does.StartWith("family/s.yaml:1:35: found nesting deeper than 32"));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public void Many_cells_of_a_long_file_are_refused_at_once()
    {
        var values = string.Join(", ", Enumerable.Range(0, 9000));
        var path = bench.Write("family/s.yaml", $"{Start}matrix: {{ a: [{values}] }}\n{Steps}{Expect}");
        Assert.That(bench.FailureOf(path), Does.StartWith("family/s.yaml:1:1: found 9000 cells of a file of 90"));
    }

    [Test]
    public void A_file_of_50_MB_is_refused_unread()
    {
        var path = bench.Write("family/s.yaml", "");
        using (var file = File.OpenWrite(path))
            file.SetLength(50_000_000);
        Assert.That(
            bench.FailureOf(path),
            Is.EqualTo("family/s.yaml:1:1: found 50000000 bytes, expected a scenario of at most 1 MiB")
        );
    }

    [Test]
    public void A_device_that_never_ends_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(bench.Folder, "family"));
        var path = Path.Combine(bench.Folder, "family", "s.yaml");
        File.CreateSymbolicLink(path, "/dev/zero");
        Assert.That(bench.FailureOf(path), Is.EqualTo("family/s.yaml: found a pipe or a device, expected a YAML file"));
    }

    [Test]
    public void A_binary_file_is_refused()
    {
        var path = bench.Write("family/s.yaml", "a\nb\0c");
        Assert.That(
            bench.FailureOf(path),
            Is.EqualTo("family/s.yaml:2:2: found a zero byte, expected a YAML file, not a binary one")
        );
    }

    [Test]
    public void A_file_in_another_encoding_is_refused()
    {
        var path = bench.Write("family/s.yaml", "");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes("scenario: s\nsummary: Grüße\n"));
        Assert.That(
            bench.FailureOf(path),
            Is.EqualTo("family/s.yaml:2:12: found the byte 0xfc, expected a YAML file in UTF-8")
        );
    }

    [Test]
    public void A_path_to_nothing_or_to_a_folder_is_refused()
    {
        var folder = Directory.CreateDirectory(Path.Combine(bench.Folder, "folder.yaml")).FullName;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                bench.FailureOf(Path.Combine(bench.Folder, "missing.yaml")),
                Is.EqualTo("missing.yaml: no such file")
            );
            Assert.That(bench.FailureOf(folder), Is.EqualTo("folder.yaml: found a folder, expected a YAML file"));
        }
    }

    [Test]
    public void Every_wrong_file_of_a_folder_is_reported_on_its_own_line()
    {
        bench.Write("family/a.yaml", "a");
        bench.Write("family/b.yaml", $"scenario: b\nsummary: x\nbackend: erst\n{Steps}{Expect}");
        bench.Write("family/c.yaml", "");
        Assert.That(
            bench.FailureOf(),
            Is.EqualTo(
                "family/a.yaml:1:1: found 'a', expected a mapping with the keys scenario, summary, steps, …\n"
                    + "family/c.yaml:1:1: found an empty file, expected a scenario"
            )
        );
    }

    [Test]
    public void A_file_below_the_current_directory_is_named_relative_to_it()
    {
        var here = Directory.CreateTempSubdirectory("s-").FullName;
        var before = Directory.GetCurrentDirectory();
        try
        {
            Directory.SetCurrentDirectory(here);
            File.WriteAllText("s.yaml", "");
            Assert.That(bench.FailureOf("s.yaml"), Does.StartWith("s.yaml:1:1: "));
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            Directory.Delete(here, recursive: true);
        }
    }

    private static TestCaseData Case(string name, string yaml, string message) =>
        new TestCaseData(yaml, message).SetArgDisplayNames(name);
}
