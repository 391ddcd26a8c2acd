using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Tests.Runs;

/// <summary>
/// A guest counts with its memory and 192 MiB for QEMU, one of a checkpoint with 128 MiB; 512 MiB are the host's.
/// </summary>
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

    [TestCase(128 + 512 + (7 * 128 / 2), true)]
    [TestCase(128 + 512 + (7 * 128 / 2) - 1, false)]
    public async Task Eight_of_checkpoints_run_where_two_that_boot_would(long available, bool fits)
    {
        var slots = new GuestSlots(8, () => available);
        for (int i = 0; i < 7; i++)
            await Restored(slots);
        Assert.That(Restored(slots).IsCompletedSuccessfully, Is.EqualTo(fits));
    }

    [Test]
    public async Task One_of_a_checkpoint_that_boots_after_all_waits_for_its_memory()
    {
        var slots = new GuestSlots(2, () => 960);
        using var one = await Restored(slots);
        var other = await Restored(slots);
        var growing = one.GrowAsync(CancellationToken.None);
        Assert.That(growing.IsCompleted, Is.False);
        other.Dispose();
        await growing.WaitAsync(TimeSpan.FromSeconds(20));
        await one.GrowAsync(CancellationToken.None);
        Assert.That(Restored(slots).IsCompleted, Is.False, "it has its memory and keeps it");
    }

    [Test]
    public async Task It_comes_before_guests_that_do_not_run_yet()
    {
        long available = 1000;
        var slots = new GuestSlots(3, () => available);
        using var one = await Restored(slots);
        using var other = await Restored(slots);
        var growing = one.GrowAsync(CancellationToken.None);
        var another = Restored(slots);
        Assert.That(another.IsCompleted, Is.False);
        available = 2000;
        other.Dispose();
        await growing.WaitAsync(TimeSpan.FromSeconds(20));
        (await Soon(another)).Dispose();
    }

    [Test]
    public async Task When_all_wait_for_more_one_gets_it_however_little_there_is()
    {
        long available = 1000;
        var slots = new GuestSlots(2, () => available);
        using var one = await Restored(slots);
        using var other = await Restored(slots);
        available = 0;
        var first = one.GrowAsync(CancellationToken.None);
        Assert.That(first.IsCompleted, Is.False);
        var second = other.GrowAsync(CancellationToken.None);
        await first.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.That(second.IsCompleted, Is.False);
        one.Dispose();
        await second.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Test]
    public async Task Who_gives_up_waiting_for_more_keeps_what_it_has_and_lets_the_next_one_in()
    {
        var slots = new GuestSlots(3, () => 1000);
        using var one = await Restored(slots);
        using var other = await Restored(slots);
        using var cancellation = new CancellationTokenSource();
        var growing = one.GrowAsync(cancellation.Token);
        var another = Restored(slots);
        await cancellation.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => growing);
        (await Soon(another)).Dispose();
    }

    [Test]
    public async Task One_that_boots_has_all_its_memory_from_the_beginning()
    {
        var slots = new GuestSlots(2, () => 0);
        using var one = await slots.TakeAsync(512, CancellationToken.None);
        Assert.That(one.GrowAsync(CancellationToken.None).IsCompletedSuccessfully);
    }

    [Test]
    public void The_hosts_free_memory_is_known() => Assert.That(HostMemory.AvailableMiB(), Is.GreaterThan(1));

    private static Task<GuestSlots.Slot> Restored(GuestSlots slots) =>
        slots.TakeAsync(512, CancellationToken.None, isRestored: true);

    private static Task<GuestSlots.Slot> Soon(Task<GuestSlots.Slot> slot) => slot.WaitAsync(TimeSpan.FromSeconds(20));
}
