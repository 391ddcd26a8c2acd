using System.Buffers.Binary;
using System.Text;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Replays;

namespace PstoreLab.Harness.Tests.Replays;

/// <summary>What the program in the guest hands over.</summary>
public class ReplayAnswerTests
{
    [Test]
    public void Files_messages_and_the_backend_come_apart()
    {
        byte[] content =
        [
            .. Entry("backend", "ramoops\n"),
            .. Entry("dmesg-ramoops-0", "Panic#1 Part1\n"),
            .. Entry("console-ramoops-0", ""),
            .. Entry("kmsg", "6,1,2,-;one; two\n SUBSYSTEM=platform\n4,2,3,-;three\n"),
        ];
        var answer = ReplayAnswers.Parse(0, content);
        Assert.That(answer.Backend, Is.EqualTo("ramoops"));
        Assert.That(answer.Files.Keys, Is.EquivalentTo(["dmesg-ramoops-0", "console-ramoops-0"]));
        Assert.That(answer.Files["dmesg-ramoops-0"], Is.EqualTo("Panic#1 Part1\n"u8.ToArray()));
        Assert.That(answer.Messages, Is.EqualTo(["one; two", "three"]));
    }

    [TestCase("(null)\n")]
    [TestCase("")]
    public void No_backend_is_none(string said) =>
        Assert.That(ReplayAnswers.Parse(0, Entry("backend", said)).Backend, Is.Null);

    [Test]
    public void A_torn_answer_is_ours()
    {
        byte[] content = [.. Entry("backend", "ramoops\n"), .. Entry("dmesg-ramoops-0", "Panic#1 Part1\n")];
        int whole = Entry("backend", "ramoops\n").Length;
        for (int length = 1; length < content.Length - 3; length++)
        {
            // What fills the last entry up need not be there.
            if (length != whole && length != whole - 1)
                Assert.That(
                    () => ReplayAnswers.Parse(0, content.AsSpan(0, length)),
                    Throws.TypeOf<InfraException>().With.Message.StartsWith("the guest's answer is torn at byte "),
                    $"{length} bytes"
                );
        }
    }

    [Test]
    public void Lengths_beyond_all_measure_are_ours() =>
        Assert.That(
            () => ReplayAnswers.Parse(0, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            Throws.TypeOf<InfraException>()
        );

    private static byte[] Entry(string name, string content)
    {
        byte[] entry = new byte[(8 + name.Length + content.Length + 3) & ~3];
        BinaryPrimitives.WriteInt32LittleEndian(entry, name.Length);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(4), content.Length);
        Encoding.Latin1.GetBytes(name + content, entry.AsSpan(8));
        return entry;
    }
}
