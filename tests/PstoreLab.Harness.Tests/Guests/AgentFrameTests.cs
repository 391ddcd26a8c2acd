using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Tests.Guests;

public class AgentFrameTests
{
    // sha256sum of "hello", by coreutils.
    private const string Hello = "PL1 3 ok aGVsbG8=\t3 ok 2cf24dba";
    private const string Word = "PL1 3 ok =hello\t3 ok =hello";

    [TestCase(Hello)]
    [TestCase(Word)]
    public void A_whole_frame_is_read(string line)
    {
        var frame = AgentFrame.Parse(line)!;
        Assert.That((frame.Id, frame.Kind, frame.Text), Is.EqualTo((3, "ok", "hello")));
    }

    [Test]
    public void A_frame_may_have_no_payload() =>
        Assert.That(AgentFrame.Parse("PL1 3 ok\t3 ok")?.Payload, Is.EqualTo(Array.Empty<byte>()));

    [TestCase(Hello)]
    [TestCase(Word)]
    public void No_frame_with_one_character_altered_is_read(string line)
    {
        for (var i = 0; i < line.Length; i++)
        {
            var damaged = line[..i] + (line[i] == 'x' ? 'y' : 'x') + line[(i + 1)..];
            Assert.That(AgentFrame.Parse(damaged), Is.Null, damaged);
        }
    }

    // As OVMF leaves them on ttyS1: without a line end, so that the agent's first frame stood behind them.
    [TestCase(Hello)]
    [TestCase(Word)]
    public void A_frame_is_read_behind_what_firmware_left_on_its_line(string line)
    {
        const string Firmware = "\u001b[2J\u001b[01;01H\u001b[=3h";
        Assert.That(AgentFrame.Parse(Firmware + line)?.Text, Is.EqualTo("hello"));
        Assert.That(AgentFrame.Parse(Firmware + line[..^2] + "9="), Is.Null, "what stands behind the tab decides");
        Assert.That(AgentFrame.Parse(Firmware), Is.Null);
    }

    [TestCase(Hello)]
    [TestCase(Word)]
    public void No_torn_frame_is_read(string line)
    {
        for (var length = 0; length < line.Length; length++)
            Assert.That(AgentFrame.Parse(line[..length]), Is.Null, line[..length]);
    }

    [Test]
    public void A_request_stands_on_its_line_twice() =>
        Assert.That(AgentFrame.Request(7, "mark 00ff 8"), Is.EqualTo("7 mark 00ff 8\t7 mark 00ff 8\n"));
}
