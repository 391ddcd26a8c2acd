using System.Text;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Tests.Comparison;

/// <summary>What differs in the text of two sides, on copies of the evidence of a real panic.</summary>
public class TextChangesTests
{
    private SideBench _bench = null!;

    [SetUp]
    public void SetUp() => _bench = new SideBench();

    [TearDown]
    public void TearDown() => _bench.Dispose();

    [Test]
    public void The_same_evidence_shows_no_change()
    {
        Assert.That(Changes(), Is.Empty);
    }

    [Test]
    public void The_clock_in_the_names_of_files_is_no_change()
    {
        Assert.That(
            Changes(files =>
            {
                foreach (string name in files.Keys.ToList())
                {
                    files[name.Replace("77107386", "77999999")] = files[name];
                    files.Remove(name);
                }
            }),
            Is.Empty
        );
    }

    [Test]
    public void Without_evidence_nothing_is_said_of_text()
    {
        var (a, b) = (_bench.Add("a", "whole", Verdict.Passed), _bench.Add("b", "whole", Verdict.Passed));
        _bench.Evidence("a", a);
        Assert.That(_bench.Compare().Cases.Single().Changes, Is.Null);
        Assert.That(b.Folder, Is.Not.Empty);
    }

    [Test]
    public void A_part_that_is_missing_is_a_change_of_parts_and_of_size()
    {
        Assert.That(
            Changes(files => files.Remove(SideBench.Older)),
            Has.Some.Contains("parts 2 → 1").And.Some.Contains("size ")
        );
    }

    // By a line of a clock's that comes now and then the whole log just fits into one part, or just does not.
    [TestCase("", "parts 2 → 1")]
    [TestCase("<6>[    0.000000] tsc: Fast TSC calibration using PIT\n", null)]
    [TestCase("<6>[    0.000000] many lines\n", "parts 2 → 1", 500)]
    public void A_part_more_is_no_change_where_the_whole_log_is_a_line_longer(string line, string? told, int times = 1)
    {
        var changes = Changes(files =>
        {
            string older = Encoding.Latin1.GetString(files[SideBench.Older]);
            string newest = Encoding.Latin1.GetString(files[SideBench.Newest]);
            string all =
                $"Panic#1 Part1\n{Behind(older)}{string.Concat(Enumerable.Repeat(line, times))}{Behind(newest)}";
            files[SideBench.Newest] = Encoding.Latin1.GetBytes(all);
            files.Remove(SideBench.Older);
        });
        Assert.That(
            changes.Where(change => change.Contains("parts ", StringComparison.Ordinal)),
            told is null ? Is.Empty : Has.One.Contains(told)
        );

        static string Behind(string part) => part[(part.IndexOf('\n', StringComparison.Ordinal) + 1)..];
    }

    [Test]
    public void A_record_that_is_gone_is_told_and_one_that_is_new()
    {
        Assert.That(
            Changes(files => files.Clear()),
            Has.Some.Match("^the dmesg record of crash 1 is gone: [0-9]+ bytes$")
        );
        Assert.That(
            Changes(files => files["pmsg-ramoops-0"] = "hello\n"u8.ToArray()),
            Is.EqualTo(new[] { "a pmsg record of no crash is new: 6 bytes" })
        );
    }

    [Test]
    public void A_line_more_or_less_is_what_differs_from_run_to_run()
    {
        static string WithEarlierLine(string console) =>
            "[    0.000000] a line before those that the record has room for\n" + console;
        Assert.That(
            Changes(
                files => files[SideBench.Older] = WithoutFirstLines(files[SideBench.Older], 1),
                WithEarlierLine,
                WithEarlierLine
            ),
            Is.Empty
        );
        Assert.That(
            Changes(
                files => files[SideBench.Older] = WithoutFirstLines(files[SideBench.Older], 40),
                WithEarlierLine,
                WithEarlierLine
            ),
            Has.Some.Contains("size ")
        );
    }

    [Test]
    public void A_record_that_holds_all_of_a_longer_log_is_no_larger_for_that()
    {
        Assert.That(
            Changes(files =>
                files[SideBench.Newest] = [
                    .. files[SideBench.Newest],
                    .. Encoding.ASCII.GetBytes(new string('x', 3000) + "\n"),
                ]
            ),
            Is.Empty
        );
        Assert.That(
            Changes(files => files[SideBench.Older] = WithoutFirstLines(files[SideBench.Older], 1)),
            Is.EqualTo(new[] { "the dmesg record of crash 1: holds the log from its first line → the end of the log" })
        );
    }

    [Test]
    public void Another_file_name_is_told()
    {
        Assert.That(
            Changes(files =>
            {
                foreach (string name in files.Keys.ToList())
                {
                    files[name.Replace("erst", "efi_pstore")] = files[name];
                    files.Remove(name);
                }
            }),
            Is.EqualTo(new[] { "the dmesg record of crash 1: file names dmesg-erst-N → dmesg-efi_pstore-N" })
        );
    }

    [Test]
    public void A_part_that_comes_compressed_is_told()
    {
        Assert.That(
            Changes(files =>
            {
                files[SideBench.Older + ".enc.z"] = [0x4b, 0x00, 0xff];
                files.Remove(SideBench.Older);
            }),
            Has.Some.EqualTo("the dmesg record of crash 1: parts 2 → 1")
                .And.Some.EqualTo("a dmesg record of no crash is new: 3 bytes")
        );
    }

    [Test]
    public void What_pstore_says_and_no_longer_says_is_told_without_the_numbers_of_the_day()
    {
        Assert.That(
            Changes(console: text =>
                text
                + "[    9.000001] ramoops: found existing buffer, size 4087, start 4087\n[    9.1] no time "
                + "stamp: pstore\n[    9.000002] something else\n"
            ),
            Is.EqualTo(new[] { "only B says, boot 1: ramoops: found existing buffer, size …, start …" })
        );
        Assert.That(
            Changes(console: text => text.Replace("Registered erst as persistent store backend", "registering failed")),
            Has.Some.StartsWith("only A says, boot 1: pstore: Registered erst")
                .And.Some.StartsWith("only B says, boot 1: pstore: registering failed")
        );
    }

    [Test]
    public void What_only_some_repetitions_have_is_no_change()
    {
        for (int n = 1; n <= 2; n++)
        {
            _bench.Evidence("a", _bench.Add("a", "whole", Verdict.Passed, repetition: n));
            int repetition = n;
            _bench.Evidence(
                "b",
                _bench.Add("b", "whole", Verdict.Passed, repetition: n),
                files =>
                {
                    if (repetition == 1)
                        files.Remove(SideBench.Older);
                },
                text => repetition == 1 ? text + "[    9.000001] pstore: at times\n" : text
            );
        }

        Assert.That(_bench.Compare().Cases.Single().Changes, Is.Empty);
    }

    [Test]
    public void What_error_correction_says_is_told()
    {
        Assert.That(
            Changes(files =>
                files[SideBench.Newest] = [
                    .. files[SideBench.Newest],
                    .. "\n3 Corrected bytes, 0 unrecoverable blocks\n"u8,
                ]
            ),
            Has.Some.Contains("error correction not reported → ")
        );
    }

    private static IReadOnlyList<string> Changes(
        Action<Dictionary<string, byte[]>>? records = null,
        Func<string, string>? console = null,
        Func<string, string>? consoleOfA = null
    )
    {
        using var bench = new SideBench();
        var a = bench.Add("a", "whole", Verdict.Passed);
        var b = bench.Add("b", "whole", Verdict.Passed);
        bench.Evidence("a", a, console: consoleOfA);
        bench.Evidence("b", b, records, console);
        return bench.Compare().Cases.Single().Changes!;
    }

    // Behind the header, which is the first line of a part.
    private static byte[] WithoutFirstLines(byte[] part, int count)
    {
        string[] lines = Encoding.Latin1.GetString(part).Split('\n');
        return Encoding.Latin1.GetBytes(string.Join('\n', lines.Take(1).Concat(lines.Skip(1 + count))));
    }
}
