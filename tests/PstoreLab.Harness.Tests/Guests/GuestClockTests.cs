using PstoreLab.Harness.Guests;

namespace PstoreLab.Harness.Tests.Guests;

/// <summary>The clocks of restored guests.</summary>
public class GuestClockTests
{
    [Test]
    public void No_second_is_shown_to_two_guests()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(
            DateTimeOffset.FromUnixTimeMilliseconds(1_000_900)
        );
        var clock = new GuestClock(time);
        Assert.That(clock.Next(), Is.EqualTo(1000));
        time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.That(clock.Next(), Is.EqualTo(1001), "the first may have died in second 1000");
        time.Advance(TimeSpan.FromMilliseconds(1500));
        Assert.That(clock.Next(), Is.EqualTo(1003), "the second may have died in second 1002");
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(clock.Next(), Is.EqualTo(1064));
    }
}
