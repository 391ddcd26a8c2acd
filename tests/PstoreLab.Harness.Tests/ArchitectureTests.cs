using System.Text.RegularExpressions;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Tests.Scenarios;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests;

/// <summary>The order of the harness's folders, and what must not be in any.</summary>
public partial class ArchitectureTests
{
    /// <summary>Each folder may use those before it.</summary>
    private static readonly string[] Order =
    [
        "Faults",
        "Host",
        "Processes",
        "Remote",
        "Machines",
        "Scenarios",
        "Packages",
        "Kernels",
        "Rootfs",
        "Initramfs",
        "Backends",
        "Damages",
        "Crashes",
        "Plans",
        "Evidence",
        "Guests",
        "Checkpoints",
        "Oracle",
        "Comparison",
        "Runs",
        "Replays",
        "Bisection",
        "Reports",
        "Doctor",
        "Archiving",
    ];

    // Made of the order itself, so that no folder can be left out of it.
    private static readonly Regex Use = new(
        @"(?:using (?:static )?PstoreLab\.Harness\.|(?<![\w.])PstoreLab\.Harness\.|"
            + @"(?<![\w.""])(?=\w+\.[A-Z]\w*[ .?>,)]))("
            + string.Join('|', Order)
            + @")\b"
    );

    private static readonly string[] Vague = ["Util", "Helper", "Manager", "Service"];

    private static readonly string Root = Path.Combine(ScenarioBench.Root, "harness");

    private static readonly string Harness = Path.Combine(Root, "PstoreLab.Harness");

    private static IEnumerable<string> Sources => Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories);

    [Test]
    public void Every_folder_has_its_place()
    {
        Assert.That(Directory.GetDirectories(Harness).Select(Path.GetFileName), Is.EquivalentTo(Order));
    }

    [Test]
    public void A_folder_uses_only_those_before_it()
    {
        Assert.That(
            Sources
                .Where(file => file.StartsWith(Harness))
                .SelectMany(file =>
                    Violations(FolderOf(file), File.ReadAllText(file)).Select(used => $"{file} uses {used}")
                ),
            Is.Empty
        );
    }

    [TestCase("Scenarios", "using PstoreLab.Harness.Backends;", ExpectedResult = "Backends")]
    [TestCase("Scenarios", "using static PstoreLab.Harness.Kernels.Kernel;", ExpectedResult = "Kernels")]
    [TestCase("Oracle", "  Runs.RunFolder folder;", ExpectedResult = "Runs")]
    [TestCase("Scenarios", "    PstoreLab.Harness.Plans.Plan plan;", ExpectedResult = "Plans")]
    [TestCase("Runs", "using PstoreLab.Harness.Oracle;", ExpectedResult = "")]
    [TestCase("Plans", "if (!_backend.Images.Contains(wanted))", ExpectedResult = "")]
    [TestCase("Plans", "/// <see cref=\"Evidence.CaseFolder\"/>", ExpectedResult = "")]
    [TestCase("", "using PstoreLab.Harness.Faults;", ExpectedResult = "Faults")]
    [TestCase("Reports", "using PstoreLab.Harness.Doctor;", ExpectedResult = "Doctor")]
    public string The_check_sees(string folder, string code) => string.Join(' ', Violations(folder, code));

    [Test]
    public void The_records_know_nothing_of_the_harness_and_the_harness_nothing_of_the_commands()
    {
        Assert.That(
            Sources
                .Where(file => !file.StartsWith(Path.Combine(Root, "PstoreLab.Cli")))
                .Where(file => Code(File.ReadAllText(file)).Contains("PstoreLab.Cli")),
            Is.Empty
        );
        Assert.That(
            Sources
                .Where(file => file.StartsWith(Path.Combine(Root, "PstoreLab.Records")))
                .Where(file => Code(File.ReadAllText(file)).Contains("PstoreLab.Harness")),
            Is.Empty
        );
    }

    /// <summary>A verdict does not depend on how it is shown.</summary>
    [Test]
    public void The_report_shows_what_the_harness_found_and_the_harness_knows_nothing_of_it()
    {
        string[] users =
        [
            .. Sources
                .Where(file => !file.StartsWith(Path.Combine(Root, "PstoreLab.Report")))
                .Where(file => Code(File.ReadAllText(file)).Contains("PstoreLab.Report"))
                .Select(file => Path.GetRelativePath(Root, file).Split('/')[0])
                .Distinct(),
        ];
        Assert.That(users, Is.EqualTo(["PstoreLab.Cli"]));
    }

    [Test]
    public void Nothing_has_a_name_that_says_nothing()
    {
        var names = Sources
            .SelectMany(file => TypeName().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .Concat(
                Directory
                    .EnumerateDirectories(Root, "*", SearchOption.AllDirectories)
                    .Select(folder => Path.GetFileName(folder)!)
            )
            .ToList();
        Assert.That(names, Has.Count.GreaterThan(100), "they were found");
        Assert.That(
            names.Where(name =>
                Vague.Any(word =>
                    name.EndsWith(word) || name.EndsWith(word + "s") || name.EndsWith(word[..^1] + "ities")
                )
            ),
            Is.Empty
        );
    }

    [TestCase("ttyS0", "PcMachine.cs")]
    [TestCase("ttyS1", "PcMachine.cs")]
    [TestCase("-machine", "PcMachine.cs")]
    [TestCase("qemu-system-", "PcMachine.cs")]
    [TestCase("no_timer_check", "PcMachine.cs")]
    [TestCase("SeaBIOS", "PcMachine.cs")]
    [TestCase("/OVMF", "PcMachine.cs")]
    [TestCase("amd64", "X86Architecture.cs")]
    [TestCase("x86_64-linux-gnu", "X86Architecture.cs")]
    [TestCase("boot/bzImage", "X86Architecture.cs")]
    public void What_is_a_machines_or_an_architectures_stands_in_its_file_alone(string word, string file) =>
        Assert.That(FilesWith(word), Is.EqualTo([file]));

    [Test]
    public void What_stands_in_more_than_one_file_is_seen() =>
        Assert.That(FilesWith("PcMachine"), Is.EqualTo(["MachineCatalogue.cs", "PcMachine.cs"]));

    /// <summary>So a new backend is its file, its decoder, and a line in a catalogue.</summary>
    [Test]
    public void A_kind_of_store_is_named_by_its_format_and_its_backend_alone() =>
        Assert.That(
            Sources
                .Where(file => !IsOfABackend(file) && Kind().IsMatch(Code(File.ReadAllText(file))))
                .Select(Path.GetFileName),
            Is.Empty
        );

    /// <summary>
    /// systemd-pstore treats each backend in its own way, and OopsModule has the module of one as the body of another.
    /// </summary>
    [Test]
    public void A_backend_is_named_elsewhere_only_for_what_systemd_does_with_it() =>
        Assert.That(
            Sources
                .Where(file => !IsOfABackend(file) && BackendName().IsMatch(Code(File.ReadAllText(file))))
                .Select(Path.GetFileName),
            Is.EquivalentTo([
                "KnownArchiverFaults.cs",
                "MadeBackend.cs",
                "MadeStore.cs",
                "OopsModule.cs",
                "RecordSetGenerator.cs",
            ])
        );

    [Test]
    public void Every_backend_and_format_is_seen_to_name_its_kind() =>
        Assert.That(
            Sources
                .Where(file => IsOfABackend(file) && Kind().IsMatch(Code(File.ReadAllText(file))))
                .Select(Path.GetFileName),
            Is.SupersetOf(
                BackendCatalogue
                    .All.Select(backend => $"{backend.GetType().Name}.cs")
                    .Concat(StoreFormats.All.Select(format => $"{format.GetType().Name}.cs"))
            )
        );

    [TestCase("if (store.Kind == StoreKind.Efi)", ExpectedResult = true)]
    [TestCase("StoreKind.Ramoops => 1,", ExpectedResult = true)]
    [TestCase("StoreKind kind = format.Kind;", ExpectedResult = false)]
    public bool A_kind_of_store_is_seen(string code) => Kind().IsMatch(code);

    [TestCase("name.Backend is \"efi\"", ExpectedResult = true)]
    [TestCase("\"pstore_blk\" => 1,", ExpectedResult = true)]
    [TestCase("\"efi_pstore.record_size\"", ExpectedResult = false)]
    public bool A_name_of_a_backend_is_seen(string code) => BackendName().IsMatch(code);

    /// <summary>So what others have written is made visible in one place.</summary>
    [Test]
    public void The_command_line_prints_in_one_place()
    {
        string[] files =
        [
            .. Sources
                .Where(file => Prints().IsMatch(Code(File.ReadAllText(file))))
                .Select(file => Path.GetRelativePath(Root, file)),
        ];
        Assert.That(files, Is.EqualTo(["PstoreLab.Cli/Output/Terminal.cs"]));
    }

    [Test]
    public void Nothing_sleeps_but_by_a_clock_that_a_test_can_stop()
    {
        // flock(2) can only be tried from .NET, not waited for.
        Assert.That(
            Sources
                .Where(file => !file.EndsWith("/Host/FileLock.cs"))
                .Where(file => Sleep().IsMatch(Code(File.ReadAllText(file))))
                .Select(file => Path.GetRelativePath(Root, file)),
            Is.Empty
        );
    }

    [TestCase("Thread.Sleep(5);", ExpectedResult = true)]
    [TestCase("await Task.Delay(5);", ExpectedResult = true)]
    [TestCase("await Task.Delay(pause, cancellation);", ExpectedResult = true)]
    [TestCase("await Task.Delay(pause, time, cancellation);", ExpectedResult = false)]
    [TestCase("await Task.Delay(TimeSpan.FromSeconds(1), _time, cancellation);", ExpectedResult = false)]
    public bool A_sleep_is_seen(string code) => Sleep().IsMatch(code);

    /// <summary>Comments count: who greps for a word finds those, too.</summary>
    private static IEnumerable<string?> FilesWith(string word) =>
        Sources
            .Where(file => File.ReadAllText(file).Contains(word, StringComparison.Ordinal))
            .Select(Path.GetFileName)
            .Order(StringComparer.Ordinal);

    /// <summary>Whether a file lies in the folder of the backends, or in that of a format.</summary>
    private static bool IsOfABackend(string file) =>
        FolderOf(file) == "Backends" || IsBesideAFormat(file) || IsBesideAFormat(Path.GetDirectoryName(file)!);

    private static bool IsBesideAFormat(string path) =>
        Directory.GetFiles(Path.GetDirectoryName(path)!, "*Format.cs").Any(IsAFormat);

    private static bool IsAFormat(string file) => Format().IsMatch(File.ReadAllText(file));

    private static string FolderOf(string file) =>
        Path.GetRelativePath(Harness, file) is var path && path.Contains('/') ? path.Split('/')[0] : "";

    private static IEnumerable<string> Violations(string folder, string code) =>
        Use.Matches(Code(code))
            .Select(match => match.Groups[1].Value)
            .Where(used => Array.IndexOf(Order, used) > Array.IndexOf(Order, folder))
            .Distinct();

    /// <summary>Without comments: a remark may speak of anything.</summary>
    private static string Code(string text) => Comment().Replace(text, "");

    [GeneratedRegex(@"\bStoreKind\.[A-Z]")]
    private static partial Regex Kind();

    [GeneratedRegex(@"""(?:ramoops|erst|efi|efi_pstore|pstore_blk|pstore-blk)""")]
    private static partial Regex BackendName();

    [GeneratedRegex(@"class \w+ : IStoreFormat\b")]
    private static partial Regex Format();

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?:class|record|struct|interface|enum) (\w+)")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"\bConsole\.(?:Out|Error|Write|OpenStandard)|\bAnsiConsole\.")]
    private static partial Regex Prints();

    [GeneratedRegex(@"Thread\.Sleep|Task\.Delay\((?![^;]*\b_?time\b)")]
    private static partial Regex Sleep();
}
