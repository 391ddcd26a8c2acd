using Microsoft.Extensions.Time.Testing;
using PstoreLab.Harness.Remote;
using PstoreLab.Harness.Tests.Processes;

namespace PstoreLab.Harness.Tests.Remote;

[CancelAfter(60_000)]
public class KeepAliveTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private FakeTimeProvider _clock = null!;
    private TaskCompletionSource _answer = null!;

    [SetUp]
    public void SetUp() => (_clock, _answer) = (new FakeTimeProvider(), new TaskCompletionSource());

    [Test]
    public async Task An_answer_in_time_is_not_asked_after()
    {
        int asked = 0;
        var alive = Wait(_ => Task.FromResult(++asked));
        _clock.Advance(KeepAlive.Interval - Moment);
        _answer.SetResult();
        Assert.That((await Eventually.Ends(alive), asked), Is.EqualTo((true, 0)));
    }

    [Test]
    public async Task A_guest_that_gives_signs_of_life_is_waited_for()
    {
        int asked = 0;
        var alive = Wait(_ => Task.FromResult(++asked));
        for (int i = 1; i <= 10; i++)
        {
            _clock.Advance(KeepAlive.Interval);
            await Eventually.Holds("the question", () => asked == i);
        }
        Assert.That(alive.IsCompleted, Is.False);
        _answer.SetResult();
        Assert.That(await Eventually.Ends(alive), Is.True);
    }

    [Test]
    public async Task A_guest_that_gives_none_is_dead_once_its_time_is_over()
    {
        var asked = new TaskCompletionSource();
        var alive = Wait(async token =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
        });
        _clock.Advance(KeepAlive.Interval);
        await Eventually.Ends(asked.Task.ContinueWith(_ => true));
        _clock.Advance(KeepAlive.Patience - Moment);
        Assert.That(alive.IsCompleted, Is.False);
        _clock.Advance(Moment);
        Assert.That(await Eventually.Ends(alive), Is.False);
    }

    [Test]
    public async Task The_answer_itself_is_a_sign_of_life()
    {
        var asked = new TaskCompletionSource();
        var alive = Wait(async token =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
        });
        _clock.Advance(KeepAlive.Interval);
        await Eventually.Ends(asked.Task.ContinueWith(_ => true));
        _answer.SetException(new InvalidOperationException("an answer of its kind"));
        Assert.That(await Eventually.Ends(alive), Is.True);
    }

    private Task<bool> Wait(Func<CancellationToken, Task> ask) => new KeepAlive(ask, _clock).WaitAsync(_answer.Task);
}
