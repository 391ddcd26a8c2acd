using PstoreLab.Records.Archive;
using static PstoreLab.Records.Tests.Archive.MadeArchive;

namespace PstoreLab.Records.Tests.Archive;

/// <summary>Every fault is planted, and found; nothing is found where there is none.</summary>
public class ArchiveComparisonTests
{
    private static readonly ListedRecord Console = new(
        RecordName.Parse("console-ramoops-0"),
        "[    0.1] Panic#1 Part1\n"
    );
    private static readonly ListedRecord Unread = new(
        RecordName.Parse("dmesg-efi_pstore-171500000804001.enc.z"),
        "\x78\x01\xff"
    );

    [Test]
    public void An_ideal_archive_has_no_fault([Values] bool labelled, [Values] bool originalsKnown)
    {
        var oops = EfiDump(3, "Oops");
        var panic = EfiDump(12, count: 2);
        ListedRecord[] alone = [Console, Unread, Zone(0), Zone(1, "other")];
        ArchivedFile[] files =
        [
            .. Ideal("a/001", oops, labelled),
            .. Ideal("a/002", panic, labelled),
            .. alone.Select(record => File("", record)),
            File("notes/why.md", "x", UnixFileMode.OtherRead),
        ];
        var comparison = ArchiveComparison.Compare(files, originalsKnown ? [.. oops, .. panic, .. alone] : null);
        Assert.That(Faults(comparison), Is.Empty);
        Assert.That(
            comparison
                .Dumps.Where(dump => dump.NeedsReassembly)
                .Select(dump => (dump.IsReassembled, dump.Texts.Single())),
            Is.EquivalentTo([(true, "a/001/dmesg.txt"), (true, "a/002/dmesg.txt")])
        );
        Assert.That(comparison.Foreign.Select(file => file.Path), Is.EqualTo(["notes/why.md"]));
        Assert.That(
            comparison.Originals.Count(outcome => outcome.Outcome == RecordOutcome.Kept),
            Is.EqualTo(originalsKnown ? 19 : 0)
        );
    }

    [Test]
    public void An_empty_archive_of_nothing_has_no_fault() =>
        Assert.That(ArchiveComparison.Compare([], []).Findings, Is.Empty);

    [Test]
    public void A_dump_that_was_not_reassembled_is_reported()
    {
        var dump = EfiDump(3);
        Assert.That(
            Faults(ArchiveComparison.Compare(dump.Select(record => File("", record)))),
            Is.EqualTo([ArchiveFault.NotReassembled])
        );
        var single = ArchiveComparison.Compare([File("", Zone(0))]);
        Assert.That(single.Findings, Is.Empty, "a dump of one part is whole in its file");
    }

    [Test]
    public void A_dump_over_two_texts_is_split([Values] bool labelled)
    {
        var dump = EfiDump(5);
        var comparison = ArchiveComparison.Compare([
            .. Ideal("1", dump[..2], labelled),
            .. Ideal("2", dump[2..], labelled),
        ]);
        Assert.That(Faults(comparison), Is.EqualTo([ArchiveFault.Split]));
        Assert.That(comparison.Dumps.Single().IsReassembled, Is.False);
        Assert.That(
            comparison.Findings[0].Text,
            Is.EqualTo("Panic#1 Part1: over 2 files, 1/dmesg.txt and 2/dmesg.txt")
        );
    }

    [Test]
    public void Two_dumps_in_one_text_are_merged()
    {
        var oops = EfiDump(3, "Oops");
        var panic = EfiDump(2, count: 2);
        ArchivedFile[] files =
        [
            .. oops.Concat(panic).Select(record => File("1", record)),
            Text("1", panic.Reverse().Concat(oops.Reverse())),
        ];
        Assert.That(Faults(ArchiveComparison.Compare(files)), Is.EqualTo([ArchiveFault.Merged, ArchiveFault.Merged]));
        files[^1] = Text("1", [panic[1], oops[2], panic[0], oops[1], oops[0]], labelled: true);
        Assert.That(
            Faults(ArchiveComparison.Compare(files)),
            Is.EqualTo([ArchiveFault.Merged, ArchiveFault.Interleaved, ArchiveFault.Merged, ArchiveFault.Interleaved])
        );
    }

    [Test]
    public void A_text_that_was_appended_to_once_more_repeats()
    {
        var dump = EfiDump(3);
        var ideal = Ideal("1", dump);
        ideal[^1] = Text("1", [.. dump.Reverse(), .. dump.Reverse()]);
        Assert.That(Faults(ArchiveComparison.Compare(ideal)), Is.EqualTo([ArchiveFault.Repeated]));
    }

    [Test]
    public void A_complete_copy_elsewhere_repeats_and_does_not_split()
    {
        var dump = EfiDump(3);
        var comparison = ArchiveComparison.Compare([.. Ideal("1", dump), .. Ideal("2", dump, labelled: true)]);
        Assert.That(
            Faults(comparison),
            Is.EquivalentTo([
                ArchiveFault.Repeated,
                ArchiveFault.Duplicated,
                ArchiveFault.Duplicated,
                ArchiveFault.Duplicated,
            ])
        );
    }

    [Test]
    public void The_lowest_part_first_is_out_of_order()
    {
        var dump = EfiDump(3);
        var ideal = Ideal("1", dump);
        ideal[^1] = Text("1", dump);
        Assert.That(Faults(ArchiveComparison.Compare(ideal)), Is.EqualTo([ArchiveFault.OutOfOrder]));
    }

    [Test]
    public void A_byte_that_is_another_is_found([Values] bool labelled)
    {
        var dump = EfiDump(3);
        var ideal = Ideal("1", dump, labelled);
        string altered = dump[1].Content[..20] + "?" + dump[1].Content[21..];
        ideal[^1] = Text("1", [dump[2], dump[1] with { Content = altered }, dump[0]], labelled);
        var finding = ArchiveComparison.Compare(ideal).Findings.Single();
        Assert.That((finding.Fault, finding.Records.Single()), Is.EqualTo((ArchiveFault.Altered, dump[1].Name)));
        Assert.That(finding.Text, Does.EndWith("from its byte 20 on"));
    }

    [Test]
    public void A_part_that_was_cut_short_is_altered_at_its_end([Values] bool labelled)
    {
        var dump = EfiDump(3);
        var ideal = Ideal("1", dump, labelled);
        ideal[^1] = Text("1", [dump[2], dump[1] with { Content = dump[1].Content[..30] }, dump[0]], labelled);
        var finding = ArchiveComparison.Compare(ideal).Findings.Single();
        Assert.That(finding.Fault, Is.EqualTo(ArchiveFault.Altered));
        Assert.That(finding.Text, Does.EndWith("from its byte 30 on"));
    }

    [Test]
    public void A_text_that_lacks_a_part_is_incomplete()
    {
        var dump = EfiDump(3);
        var ideal = Ideal("1", dump);
        ideal[^1] = Text("1", [dump[2], dump[0]]);
        var finding = ArchiveComparison.Compare(ideal).Findings.Single();
        Assert.That((finding.Fault, finding.Records.Single()), Is.EqualTo((ArchiveFault.Incomplete, dump[1].Name)));
    }

    [Test]
    public void A_dump_can_have_several_faults_at_once()
    {
        var oops = EfiDump(4, "Oops");
        var panic = EfiDump(2, count: 2);
        ArchivedFile[] files =
        [
            .. oops.Concat(panic).Select(record => File("1", record)),
            Text("1", [oops[0], panic[1], oops[1], panic[0], oops[1]]),
            Text("2", [oops[2]]),
        ];
        var comparison = ArchiveComparison.Compare(files);
        Assert.That(
            comparison
                .Dumps.Single(dump => dump.Dump.Header!.Reason == "Oops")
                .Findings.Select(finding => finding.Fault),
            Is.EquivalentTo([
                ArchiveFault.Split,
                ArchiveFault.Incomplete,
                ArchiveFault.Repeated,
                ArchiveFault.Merged,
                ArchiveFault.Interleaved,
                ArchiveFault.OutOfOrder,
            ])
        );
    }

    [Test]
    public void What_is_not_there_is_lost()
    {
        var dump = EfiDump(3);
        ArchivedFile[] files = [.. dump[1..].Select(record => File("1", record)), Text("1", dump[1..].Reverse())];
        var comparison = ArchiveComparison.Compare(files, [.. dump, Console]);
        Assert.That(
            Faults(comparison),
            Is.EquivalentTo([ArchiveFault.Incomplete, ArchiveFault.Lost, ArchiveFault.Lost])
        );
        Assert.That(
            comparison.Originals.Where(outcome => outcome.IsLost).Select(outcome => outcome.Original),
            Is.EquivalentTo([dump[0], Console])
        );
        Assert.That(ArchiveComparison.Compare(files).Findings, Is.Empty, "the archive alone does not tell");
    }

    [Test]
    public void A_record_without_a_file_may_be_in_a_text_still()
    {
        var dump = EfiDump(3);
        var comparison = ArchiveComparison.Compare(Ideal("1", dump)[1..], dump);
        Assert.That(Faults(comparison), Is.EqualTo([ArchiveFault.TextOnly]));
        Assert.That(comparison.Dumps.Single().IsReassembled);
    }

    [Test]
    public void A_record_that_another_of_its_name_replaced_is_lost()
    {
        var comparison = ArchiveComparison.Compare(
            [File("", Zone(0, "second"))],
            [Zone(0, "first"), Zone(0, "second")]
        );
        Assert.That(Faults(comparison), Is.EqualTo([ArchiveFault.Overwritten, ArchiveFault.Lost]));
        Assert.That(
            comparison.Originals.Select(outcome => outcome.Outcome),
            Is.EqualTo([RecordOutcome.Overwritten, RecordOutcome.Kept])
        );
    }

    [Test]
    public void A_replaced_record_whose_text_is_kept_is_not_lost()
    {
        ArchivedFile[] files = [File("", Zone(0, "second")), Text("", [Zone(0, "first")], labelled: true)];
        Assert.That(
            Faults(ArchiveComparison.Compare(files, [Zone(0, "first"), Zone(0, "second")])),
            Is.EqualTo([ArchiveFault.Overwritten])
        );
        Assert.That(
            Faults(ArchiveComparison.Compare(files)),
            Is.EqualTo([ArchiveFault.Unaccounted]),
            "without the originals"
        );
    }

    [Test]
    public void A_record_file_that_differs_is_altered()
    {
        var altered = Console with { Content = Console.Content[..^3] + "???" };
        var comparison = ArchiveComparison.Compare([File("", altered)], [Console]);
        Assert.That(Faults(comparison), Is.EqualTo([ArchiveFault.Altered]));
        Assert.That(comparison.Originals.Single().FirstDifference, Is.EqualTo(Console.Content.Length - 3));
    }

    [Test]
    public void A_record_that_was_never_there_is_reported()
    {
        var comparison = ArchiveComparison.Compare([File("", Zone(3)), Text("x", [Zone(4)], labelled: true)], []);
        Assert.That(Faults(comparison), Is.EqualTo([ArchiveFault.Unaccounted, ArchiveFault.Unaccounted]));
    }

    [Test]
    public void A_record_that_is_left_in_the_store_is_the_same_one_again()
    {
        var dump = EfiDump(3);
        Assert.That(ArchiveComparison.Compare(Ideal("1", dump), [.. dump, .. dump]).Findings, Is.Empty);
    }

    [TestCase(
        "dmesg-ramoops-0",
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
        ExpectedResult = true
    )]
    [TestCase("dmesg-ramoops-0", UnixFileMode.UserRead, ExpectedResult = false)]
    [TestCase(
        "dmesg.txt",
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
        ExpectedResult = false
    )]
    [TestCase("dmesg.txt", UnixFileMode.UserRead | UnixFileMode.OtherRead, ExpectedResult = true)]
    [TestCase("notes", UnixFileMode.OtherWrite, ExpectedResult = false)]
    public bool Records_and_texts_are_not_for_everybody(string path, UnixFileMode mode) =>
        Faults(ArchiveComparison.Compare([File(path, path == "dmesg.txt" ? "" : Zone(0).Content, mode)]))
            .Contains(ArchiveFault.TooPermissive);

    [Test]
    public void Damaged_archives_are_judged_and_every_damage_is_seen()
    {
        var oops = EfiDump(3, "Oops");
        var panic = EfiDump(6, count: 2);
        ListedRecord[] originals = [.. oops, .. panic, Console];
        ArchivedFile[] good = [.. Ideal("a", oops, labelled: true), .. Ideal("b", panic), File("", Console)];
        for (int seed = 1; seed <= 2_000; seed++)
        {
            int which = seed % good.Length;
            byte[] damaged = Fuzzing.DamagedImage.Of([good[which].Content.ToArray()], seed);
            if (damaged.AsSpan().SequenceEqual(good[which].Content.Span))
                continue;
            ArchivedFile[] files = [.. good];
            files[which] = good[which] with { Content = damaged };
            Assert.That(ArchiveComparison.Compare(files, originals).Findings, Is.Not.Empty, $"seed {seed}");
            Assert.That(ArchiveComparison.Compare(files).Dumps, Is.Not.Empty, $"seed {seed}");
        }
    }

    private static IEnumerable<ArchiveFault> Faults(ArchiveComparison comparison) =>
        comparison.Findings.Select(finding => finding.Fault);
}
