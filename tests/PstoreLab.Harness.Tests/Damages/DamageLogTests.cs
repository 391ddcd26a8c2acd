using PstoreLab.Harness.Damages;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Damages;

/// <summary>What was done to a store can be done again from its log.</summary>
[CancelAfter(60_000)]
public class DamageLogTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeAFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    private static IEnumerable<TestCaseData<byte[], byte[]>> Images
    {
        get
        {
            byte[] zeros = new byte[70_000];
            byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
            yield return Named("nothing", zeros, zeros);
            yield return Named("the first byte and the last", zeros, Altered(zeros, 0, zeros.Length - 1));
            yield return Named(
                "every value there is, % and \\ and NUL among them",
                Enumerable.Repeat((byte)1, 256).ToArray(),
                all
            );
            yield return Named(
                "a gap that is passed over and one that is not",
                zeros,
                Altered(zeros, 100, 110, 200, 217)
            );
            yield return Named(
                "more than one word of a shell takes",
                zeros,
                [.. Enumerable.Repeat((byte)0xa5, zeros.Length)]
            );
            yield return Named("an empty store", [], []);
        }
    }

    [TestCaseSource(nameof(Images))]
    public async Task The_changes_made_to_a_copy_give_the_damaged_store(byte[] before, byte[] after)
    {
        var log = EvidenceJson.Parse<DamageLog>(EvidenceJson.Text(DamageLog.Of("something", before, after)))!;
        string copy = Write("copy", before);
        await log.WriteToAsync(copy, CancellationToken.None);
        Assert.That(File.ReadAllBytes(copy), Is.EqualTo(after));
        Assert.That(log.Changes.Select(change => change.Offset), Is.Ordered);
        Assert.That(log.Changes.Count == 0, Is.EqualTo(before.AsSpan().SequenceEqual(after)));
    }

    [Test]
    public void Bytes_that_are_near_each_other_are_one_change()
    {
        byte[] zeros = new byte[1000];
        Assert.That(
            DamageLog.Of("", zeros, Altered(zeros, 100, 110)).Changes.Single(),
            Is.EqualTo(new Change(100, "ff" + new string('0', 18) + "ff"))
        );
        Assert.That(
            DamageLog.Of("", zeros, Altered(zeros, 100, 200)).Changes,
            Is.EqualTo([new Change(100, "ff"), new Change(200, "ff")])
        );
    }

    private string Write(string name, byte[] content)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static byte[] Altered(byte[] image, params int[] places)
    {
        byte[] altered = [.. image];
        foreach (int at in places)
            altered[at] = 0xff;
        return altered;
    }

    private static TestCaseData<byte[], byte[]> Named(string name, byte[] before, byte[] after) =>
        new TestCaseData<byte[], byte[]>(before, after).SetArgDisplayNames(name);
}
