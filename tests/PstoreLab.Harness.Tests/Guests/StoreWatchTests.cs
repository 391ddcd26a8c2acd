using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Tests.Damages;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Guests;

/// <summary>Whether a record has reached its store, seen from outside the guest.</summary>
public class StoreWatchTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private ScratchFolder _scratch = null!;

    [SetUp]
    public void MakeAFolder() => _scratch = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _scratch.Dispose();

    private static IReadOnlyList<StoreBench> Stores => StoreBench.All;

    [TestCaseSource(nameof(Stores))]
    public async Task A_record_that_is_there_is_seen_at_once(StoreBench bench)
    {
        var time = new SteppingTime();
        Assert.That(await HoldsAsync(bench, bench.Filled(), "Oops#2 Part1", time));
        Assert.That(time.Now, Is.EqualTo(TimeSpan.Zero));
    }

    [TestCaseSource(nameof(Stores))]
    public async Task A_record_that_never_comes_is_waited_for_to_the_limit(StoreBench bench)
    {
        var time = new SteppingTime();
        Assert.That(await HoldsAsync(bench, bench.Filled(1), "Oops#2 Part1", time), Is.False);
        Assert.That(time.Now, Is.EqualTo(Limit));
    }

    [TestCaseSource(nameof(Stores))]
    public async Task Two_records_of_one_crash_are_waited_for(StoreBench bench)
    {
        var time = new SteppingTime();
        Assert.That(await HoldsAsync(bench, bench.Filled(2), "Part1", time, dumps: 2));
        Assert.That(await HoldsAsync(bench, bench.Filled(1), "Part1", time, dumps: 2), Is.False);
        Assert.That(time.Now, Is.EqualTo(Limit));
    }

    [Test]
    public async Task A_record_that_comes_later_is_seen_though_the_store_could_not_be_read_at_first()
    {
        var time = new SteppingTime();
        time.Stepped += () =>
        {
            if (time.Now == TimeSpan.FromSeconds(2))
                _scratch.Write("store", StoreBench.Erst.Filled());
        };
        Assert.That(await HoldsAsync(StoreBench.Erst, new byte[StoreBench.Erst.Size], "Oops#3 Part1", time));
        Assert.That(time.Now, Is.EqualTo(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public async Task A_record_that_was_erased_is_not_the_one_that_is_waited_for()
    {
        var store = StoreBench.Blk.Filled();
        store.AsSpan(4, 4).Clear();
        Assert.That(
            StoreBench.Blk.Format.Decode(store, StoreBench.Blk.Options).Records[0].State,
            Is.EqualTo(RecordState.Deleted)
        );
        Assert.That(await HoldsAsync(StoreBench.Blk, store, "Oops#1 Part1", new SteppingTime()), Is.False);
    }

    [Test]
    public async Task A_wait_can_be_given_up()
    {
        using var cancellation = new CancellationTokenSource();
        var time = new SteppingTime();
        time.Stepped += cancellation.Cancel;
        await Assert.CatchAsync<OperationCanceledException>(() =>
            HoldsAsync(StoreBench.Erst, StoreBench.Erst.Empty(), "x", time, cancellation: cancellation.Token)
        );
    }

    [Test, CancelAfter(30_000)]
    public async Task The_first_change_of_a_store_is_seen(CancellationToken cancellation)
    {
        _scratch.Write("store", new byte[1 << 20]);
        string path = Path.Combine(_scratch.Path, "store");
        var seen = StoreWatch.BeginsAsync(
            path,
            TimeSpan.FromMilliseconds(1),
            new TaskCompletionSource().Task,
            cancellation
        );
        Assert.That(
            await Task.WhenAny(seen, Task.Delay(200, cancellation)),
            Is.Not.SameAs(seen),
            "nothing has changed yet"
        );
        using (var store = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            RandomAccess.Write(store, "x"u8, (1 << 20) - 1);
        Assert.That(await seen);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_guest_that_ends_ends_the_watch(CancellationToken cancellation)
    {
        _scratch.Write("store", new byte[4096]);
        Assert.That(
            await StoreWatch.BeginsAsync(
                Path.Combine(_scratch.Path, "store"),
                TimeSpan.FromHours(1),
                Task.CompletedTask,
                cancellation
            ),
            Is.False
        );
    }

    private Task<bool> HoldsAsync(
        StoreBench bench,
        byte[] store,
        string text,
        TimeProvider time,
        int dumps = 1,
        CancellationToken cancellation = default
    ) =>
        StoreWatch.HoldsAsync(
            _scratch.Write("store", store),
            bench.Kind,
            bench.Options,
            text,
            dumps,
            Limit,
            time,
            cancellation
        );

    /// <summary>A clock on which every delay is over as soon as it has begun.</summary>
    private sealed class SteppingTime : TimeProvider
    {
        public event Action Stepped = () => { };

        public TimeSpan Now { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ThreadPool.QueueUserWorkItem(_ =>
            {
                Now += dueTime;
                Stepped();
                callback(state);
            });
            return new Nothing();
        }

        private sealed class Nothing : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() { }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
