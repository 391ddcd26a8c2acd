using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Scenarios;

/// <summary>What a scenario says of guests with systemd, and what it cannot say of those without.</summary>
public sealed class SystemdScenarioTests
{
    private const string Start = "scenario: s\nsummary: x\nbackend: erst\nsteps:\n";
    private const string Boot = "- boot: debian-6.1\n  systemd: bookworm\n";
    private const string Crash = "- crash: nmi\n";
    private const string Small = "- boot: debian-6.1\n";
    private const string Console = "- expect: { console: x }\n";

    private ScenarioBench bench = null!;

    [SetUp]
    public void SetUp() => bench = new ScenarioBench();

    [TearDown]
    public void TearDown() => bench.Dispose();

    [Test]
    public void Everything_that_can_be_said_arrives_in_the_case()
    {
        var @case = Load(
            """
            - boot: debian-6.1
              systemd: bookworm
              modules: guest
              files:
                /etc/systemd/pstore.conf.d/50-lab.conf: |
                  [PStore]
                  Unlink=no
                /etc/tmpfiles.d/x@y_z+1.conf: "w /a - - - - Y"
            - crash: nmi
            - restart: cold
              systemd: trixie
              modules: early
            - run: systemctl restart systemd-pstore
            - run: { command: "false", exit: 1 }
            - expect: { archive: none, journal: none, archiver: skipped }
            - restart: cold
              systemd: none
            - expect: { records: none }
            - restart: cold
              systemd: bookworm
            - expect:
                archive:
                - { reason: Panic, form: merged, path: "1*/dmesg.txt", content: nonce }
                - { type: pmsg, crash: 1, content: any }
                journal: { type: dmesg, reason: Panic, name: "dmesg-erst-*" }
                archiver: failed
            """
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(@case.SystemdGuests, Is.EqualTo(["bookworm", "trixie"]));
            var boot = ((BootStep)@case.Steps[0]).Options;
            Assert.That((boot.Systemd, boot.Modules), Is.EqualTo(("bookworm", (ModuleLoading?)ModuleLoading.Guest)));
            Assert.That(
                boot.Files,
                Is.EqualTo(
                    new Dictionary<string, string>
                    {
                        ["/etc/systemd/pstore.conf.d/50-lab.conf"] = "[PStore]\nUnlink=no\n",
                        ["/etc/tmpfiles.d/x@y_z+1.conf"] = "w /a - - - - Y",
                    }
                )
            );
            Assert.That(
                @case.Steps.OfType<RestartStep>().Select(step => (step.Options.Systemd, step.Options.Modules)),
                Is.EqualTo(
                    new (string?, ModuleLoading?)[]
                    {
                        ("trixie", ModuleLoading.Early),
                        ("none", null),
                        ("bookworm", null),
                    }
                )
            );
            Assert.That(
                @case.Steps.OfType<RunStep>().Select(step => (step.Command, step.Exit)),
                Is.EqualTo([("systemctl restart systemd-pstore", 0), ("false", 1)])
            );

            var expectations = @case.Steps.OfType<ExpectStep>().Select(step => step.Expectation).ToList();
            Assert.That(
                expectations[0],
                Has.Property("Archive")
                    .Empty.And.Property("Journal")
                    .Empty.And.Property("Archiver")
                    .EqualTo(ArchiverOutcome.Skipped)
            );
            Assert.That((expectations[0].Records, expectations[0].NeedsSystemd), Is.EqualTo(((object?)null, true)));
            Assert.That(
                expectations[1],
                Has.Property("Archive")
                    .Null.And.Property("Journal")
                    .Null.And.Property("Archiver")
                    .Null.And.Property("NeedsSystemd")
                    .False
            );
            var archive = expectations[2].Archive!;
            Assert.That(
                archive,
                Is.EqualTo([
                    new ExpectedArchive(
                        archive[0].Source,
                        "dmesg",
                        "Panic",
                        CrashNumber.Last,
                        ArchiveForm.Merged,
                        "1*/dmesg.txt",
                        RecordContent.Nonce
                    ),
                    new ExpectedArchive(
                        archive[1].Source,
                        "pmsg",
                        null,
                        new CrashNumber(1),
                        ArchiveForm.Whole,
                        null,
                        RecordContent.Any
                    ),
                ])
            );
            Assert.That(archive[0].Source.ToString(), Does.EndWith("s.yaml:27:7"));
            Assert.That(
                expectations[2].Journal!.Single(),
                Has.Property("Reason").EqualTo("Panic").And.Property("Name").EqualTo("dmesg-erst-*")
            );
            Assert.That(expectations[2].Archiver, Is.EqualTo(ArchiverOutcome.Failed));
        }
    }

    [TestCase("whole", ArchiveForm.Whole)]
    [TestCase("reassembled", ArchiveForm.Reassembled)]
    [TestCase("files", ArchiveForm.Files)]
    [TestCase("split", ArchiveForm.Split)]
    [TestCase("merged", ArchiveForm.Merged)]
    [TestCase("repeated", ArchiveForm.Repeated)]
    public void Every_form_of_an_archive_has_a_word(string word, ArchiveForm form) =>
        Assert.That(
            ((ExpectStep)Load($"{Boot}{Crash}- restart: cold\n- expect: {{ archive: {{ form: {word} }} }}\n").Steps[^1])
                .Expectation.Archive!.Single()
                .Form,
            Is.EqualTo(form)
        );

    [Test]
    public void A_guest_may_be_named_again_at_a_warm_restart_that_keeps_it() =>
        Assert.That(
            Load($"{Boot}{Crash}- restart: warm\n  systemd: bookworm\n- run: 'true'\n{Console}").SystemdGuests,
            Is.EqualTo(["bookworm"])
        );

    private static IEnumerable<TestCaseData> Wrong()
    {
        const string file = "found the file {0}, expected an absolute path such as /etc/systemd/pstore.conf";
        const string archiveOfSmall =
            "found archive, journal or archiver of a guest without systemd, expected systemd: RELEASE at "
            + "the boot before";
        const string filesOfSmall =
            "found modules or files for a guest without systemd, expected systemd: RELEASE at this boot or before";
        const string mount =
            "found mount options for a systemd guest, expected the parameter pstore.kmsg_bytes; its "
            + "systemd mounts /sys/fs/pstore";
        const string warm =
            "found another guest, modules or files at a warm restart, expected restart: cold; a warm one "
            + "keeps the guest's disks";

        yield return Case(
            "unknown guest",
            "- boot: debian-6.1\n  systemd: bookwurm\n",
            "6:12: unknown systemd guest 'bookwurm', expected one of bookworm, trixie, none; did you mean 'bookworm'?"
        );
        yield return Case(
            "unknown loading of modules",
            $"{Boot}  modules: late\n",
            "7:12: unknown modules 'late', expected one of early, guest"
        );
        foreach (
            string path in (string[])
                ["etc/x", "/", "/etc/", "//x", "/etc/../x", "/etc/./x", "/..", "/a b", "/a$b", "/a'b"]
        )
            yield return Case(
                $"a file {path}",
                $"{Boot}  files: {{ \"{path}\": y }}\n",
                $"7:12: {string.Format(file, $"'{path}'")}"
            );
        yield return Case(
            "a file of two lines",
            $"{Boot}  files: {{ \"/etc/x\\n\": y }}\n",
            $"7:12: {string.Format(file, "'/etc/x·'")}"
        );
        yield return Case(
            "a file that is a list",
            $"{Boot}  files: {{ /etc/x: [y] }}\n",
            "7:20: found a list, expected text for 'files'"
        );

        foreach (string key in (string[])["systemd: bookworm", "modules: early", "files: { /etc/x: y }"])
            yield return Case(
                $"{key} in a step that boots nothing",
                $"{Boot}{Crash.TrimEnd()}\n  {key}\n",
                $"7:3: found '{key.Split(':')[0]}' in a step that boots nothing, expected it beside boot or restart"
            );
        yield return Case(
            "no guest beside a step",
            "- systemd: bookworm\n",
            "5:3: found none, expected exactly one of boot, crash, power-cut, restart, expect, erase, "
                + "damage, run, repeat"
        );

        yield return Case(
            "a command in a dead guest",
            $"{Boot}{Crash}- run: 'true'\n",
            "8:3: found a step after the crash on line 7, expected restart before it"
        );
        yield return Case(
            "an exit code that none is",
            $"{Boot}- run: {{ command: x, exit: 256 }}\n",
            "7:28: found '256', expected a number from 0 to 255 for 'exit'"
        );
        yield return Case(
            "a command without words",
            $"{Boot}- run: {{ exit: 1 }}\n",
            "7:8: the key 'command' is missing, expected command: The line of shell."
        );

        foreach (string what in (string[])["archive: none", "journal: none", "archiver: ran"])
            yield return Case(
                $"{what} of a small guest",
                $"{Small}- expect: {{ {what} }}\n",
                $"6:11: {archiveOfSmall}"
            );
        yield return Case(
            "an archive where systemd is gone",
            $"{Boot}- restart: cold\n  systemd: none\n- expect: {{ archive: none }}\n",
            $"9:11: {archiveOfSmall}"
        );
        yield return Case("files of a small guest", $"{Small}  files: {{ /etc/x: y }}\n", $"5:3: {filesOfSmall}");
        yield return Case("modules of a small guest", $"{Small}  modules: early\n", $"5:3: {filesOfSmall}");
        yield return Case(
            "files where systemd goes",
            $"{Boot}- restart: cold\n  systemd: none\n  files: {{ /etc/x: y }}\n",
            $"7:3: {filesOfSmall}"
        );
        yield return Case("mount options of a systemd guest", $"{Boot}  mount: kmsg_bytes=1\n", $"5:3: {mount}");
        yield return Case(
            "mount options of a systemd guest, later",
            $"{Boot}- restart: cold\n  mount: kmsg_bytes=1\n",
            $"7:3: {mount}"
        );

        yield return Case(
            "files at a warm restart",
            $"{Boot}- restart: warm\n  files: {{ /etc/x: y }}\n",
            $"7:3: {warm}"
        );
        yield return Case("modules at a warm restart", $"{Boot}- restart: warm\n  modules: early\n", $"7:3: {warm}");
        yield return Case(
            "another guest at a warm restart",
            $"{Boot}- restart: warm\n  systemd: trixie\n",
            $"7:3: {warm}"
        );
        yield return Case("no guest at a warm restart", $"{Boot}- restart: warm\n  systemd: none\n", $"7:3: {warm}");
        yield return Case(
            "a first guest at a warm restart",
            $"{Small}- restart: warm\n  systemd: bookworm\n",
            $"6:3: {warm}"
        );

        const string archived = $"{Boot}{Crash}- restart: cold\n- expect: ";
        yield return Case(
            "an archive of a crash that never was",
            $"{archived}{{ archive: {{ crash: 2 }} }}\n",
            "9:22: found an archive of crash 2, expected one of the 1 before this step"
        );
        yield return Case(
            "an archive before any crash",
            $"{Boot}- expect: {{ archive: {{ reason: Panic }} }}\n",
            "7:22: found an archive of crash 1, expected one of the 0 before this step"
        );
        yield return Case(
            "a journal of a crash that never was",
            $"{archived}{{ journal: {{ type: dmesg, crash: 2 }} }}\n",
            "9:22: found a record of crash 2, expected one of the 1 before this step"
        );
        yield return Case(
            "a journal before any crash",
            $"{Boot}- expect: {{ journal: {{ type: dmesg }} }}\n",
            "7:22: found a record before any crash, expected a crash or power-cut step earlier"
        );
        yield return Case(
            "an unknown form",
            $"{archived}{{ archive: {{ form: hole }} }}\n",
            "9:30: unknown form 'hole', expected one of whole, reassembled, files, split, merged, "
                + "repeated; did you mean 'whole'?"
        );
        yield return Case(
            "an unknown outcome",
            $"{archived}{{ archiver: rain }}\n",
            "9:23: unknown archiver 'rain', expected one of ran, skipped, failed; did you mean 'ran'?"
        );
        yield return Case(
            "an unknown type",
            $"{archived}{{ archive: {{ type: dmseg }} }}\n",
            "9:30: unknown type 'dmseg', expected one of dmesg, console, pmsg, ftrace, mce; did you mean 'dmesg'?"
        );
        yield return Case(
            "an archive that is a word",
            $"{archived}{{ archive: all }}\n",
            "9:22: found 'all', expected a mapping for 'archive' with type, reason, crash, form, path, content"
        );
    }

    [TestCaseSource(nameof(Wrong))]
    public void What_cannot_be_is_refused_with_its_place_and_what_was_expected(string steps, string message)
    {
        string path = bench.Write(
            "family/s.yaml",
            Start + steps + (steps.EndsWith("- run: 'true'\n") || !steps.Contains("expect:") ? Console : "")
        );
        Assert.That(bench.FailureOf(path), Is.EqualTo($"family/s.yaml:{message}"));
    }

    /// <summary>
    /// The negative control: with the one thing put right that each of these was refused for, nothing is.
    /// </summary>
    [TestCase($"{Boot}- run: 'true'\n{Console}")]
    [TestCase($"{Boot}  files: {{ /etc/x: y }}\n  modules: early\n{Console}")]
    [TestCase($"{Boot}- restart: cold\n  files: {{ /etc/x: y }}\n{Console}")]
    [TestCase($"{Boot}- restart: cold\n  systemd: none\n  mount: kmsg_bytes=1\n{Console}")]
    [TestCase($"{Boot}- restart: cold\n  systemd: trixie\n- expect: {{ archive: none }}\n")]
    [TestCase(
        $"{Boot}{Crash}- restart: warm\n- expect: {{ archive: {{ crash: 1 }}, journal: {{ type: dmesg, crash: 1 }} }}\n"
    )]
    public void What_can_be_is_taken(string steps) => Assert.That(() => Load(steps), Throws.Nothing);

    [TestCase("systemd: none", null)]
    [TestCase("systemd: trixie", "archive: none")]
    public void A_bug_has_to_be_one_of_the_guest_that_runs_at_the_end(string guest, string? works)
    {
        string path = bench.Write(
            "family/s.yaml",
            $"{Start}{Boot}- restart: cold\n  {guest}\n{Console}known: {{ bug: b, when: {{}}, instead: {{ "
                + $"archive: none }} }}\n"
        );
        if (works is null)
            Assert.That(
                bench.FailureOf(path),
                Is.EqualTo(
                    "family/s.yaml:10:37: found archive, journal or archiver of a guest without systemd, "
                        + "expected systemd: RELEASE at the boot before"
                )
            );
        else
            Assert.That(bench.Load(path).Single().Known.Single().Instead.Archive, Is.Empty);
    }

    private Case Load(string steps) => bench.Load(bench.Write("family/s.yaml", Start + steps)).Single();

    private static TestCaseData Case(string name, string steps, string message) =>
        new TestCaseData(steps, message).SetArgDisplayNames(name);
}
