using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Tests.Guests;

public class AgentFrameTests
{
    // sha256sum of "3 ok aGVsbG8=", by coreutils.
    private const string Hello = "PL1 0bdf04da 3 ok aGVsbG8=";

    [Test]
    public void A_whole_frame_is_read()
    {
        var frame = AgentFrame.Parse(Hello)!;
        Assert.That((frame.Id, frame.Kind, frame.Text), Is.EqualTo((3, "ok", "hello")));
    }

    [Test]
    public void No_frame_with_one_character_altered_is_read()
    {
        for (var i = 0; i < Hello.Length; i++)
        {
            var damaged = Hello[..i] + (Hello[i] == 'x' ? 'y' : 'x') + Hello[(i + 1)..];
            Assert.That(AgentFrame.Parse(damaged), Is.Null, damaged);
        }
    }

    // As OVMF leaves them on ttyS1: without a line end, so that the agent's first frame stood behind them.
    [Test]
    public void A_frame_is_read_behind_what_firmware_left_on_its_line()
    {
        const string Firmware = "\u001b[2J\u001b[01;01H\u001b[=3h";
        Assert.That(AgentFrame.Parse(Firmware + Hello)?.Text, Is.EqualTo("hello"));
        Assert.That(AgentFrame.Parse(Firmware + Hello[..^2] + "9="), Is.Null, "the checksum still decides");
        Assert.That(AgentFrame.Parse(Firmware), Is.Null);
    }

    [Test]
    public void No_torn_frame_is_read()
    {
        for (var length = 0; length < Hello.Length; length++)
            Assert.That(AgentFrame.Parse(Hello[..length]), Is.Null, Hello[..length]);
    }
}
