using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Tests.Runs;

/// <summary>A guest counts with its memory and 192 MiB for QEMU; 512 MiB are the host's.</summary>
public class GuestSlotsTests
{
    [Test]
    public async Task As_many_run_as_there_are_places()
    {
        var slots = new GuestSlots(2, () => 100_000);
        using var first = await slots.TakeAsync(512, CancellationToken.None);
        using var second = await slots.TakeAsync(512, CancellationToken.None);
        var third = slots.TakeAsync(512, CancellationToken.None);
        Assert.That(third.IsCompleted, Is.False);
        second.Dispose();
        (await Soon(third)).Dispose();
    }

    [Test]
    public async Task Those_who_wait_come_in_the_order_of_asking()
    {
        var slots = new GuestSlots(1, () => 100_000);
        var order = new List<int>();
        var running = await slots.TakeAsync(512, CancellationToken.None);
        var waiting = Enumerable
            .Range(1, 5)
            .Select(async number =>
            {
                using var slot = await slots.TakeAsync(512, CancellationToken.None);
                order.Add(number);
            })
            .ToList();
        running.Dispose();
        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.That(order, Is.EqualTo([1, 2, 3, 4, 5]));
    }

    [Test]
    public async Task One_runs_however_little_memory_there_is()
    {
        var slots = new GuestSlots(4, () => 0);
        using var one = await Soon(slots.TakeAsync(100_000, CancellationToken.None));
        Assert.That(slots.TakeAsync(1, CancellationToken.None).IsCompleted, Is.False, "but no second one");
    }

    [TestCase(512 + 192 + 512 + ((512 + 192) / 2), true)]
    [TestCase(512 + 192 + 512 + ((512 + 192) / 2) - 1, false)]
    public async Task A_second_guest_needs_its_memory_besides_the_hosts_and_half_of_what_is_promised(
        long available,
        bool fits
    )
    {
        var slots = new GuestSlots(4, () => available);
        using var one = await slots.TakeAsync(512, CancellationToken.None);
        Assert.That(slots.TakeAsync(512, CancellationToken.None).IsCompletedSuccessfully, Is.EqualTo(fits));
    }

    [Test]
    public async Task A_small_guest_does_not_overtake_a_large_one()
    {
        var slots = new GuestSlots(4, () => 2000);
        var one = await slots.TakeAsync(512, CancellationToken.None);
        var large = slots.TakeAsync(5000, CancellationToken.None);
        var small = slots.TakeAsync(1, CancellationToken.None);
        Assert.That(small.IsCompleted, Is.False);
        one.Dispose();
        (await Soon(large)).Dispose();
        (await Soon(small)).Dispose();
    }

    [Test]
    public async Task Who_gives_up_waiting_lets_the_next_one_in()
    {
        var slots = new GuestSlots(4, () => 2000);
        using var one = await slots.TakeAsync(512, CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        var large = slots.TakeAsync(5000, cancellation.Token);
        var small = slots.TakeAsync(1, CancellationToken.None);
        await cancellation.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => large);
        (await Soon(small)).Dispose();
    }

    [Test]
    public async Task Who_gave_up_takes_no_place()
    {
        var slots = new GuestSlots(1, () => 100_000);
        var one = await slots.TakeAsync(512, CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        var two = slots.TakeAsync(512, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => two);
        one.Dispose();
        (await Soon(slots.TakeAsync(512, CancellationToken.None))).Dispose();
    }

    [Test]
    public async Task A_place_can_be_given_up_once_only()
    {
        var slots = new GuestSlots(1, () => 100_000);
        var one = await slots.TakeAsync(512, CancellationToken.None);
        one.Dispose();
        one.Dispose();
        using var two = await slots.TakeAsync(512, CancellationToken.None);
        Assert.That(slots.TakeAsync(512, CancellationToken.None).IsCompleted, Is.False);
    }

    [Test]
    public void The_hosts_free_memory_is_known() => Assert.That(HostMemory.AvailableMiB(), Is.GreaterThan(1));

    private static Task<IDisposable> Soon(Task<IDisposable> slot) => slot.WaitAsync(TimeSpan.FromSeconds(20));
}
