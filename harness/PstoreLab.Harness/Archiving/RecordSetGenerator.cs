using PstoreLab.Records;
using PstoreLab.Records.Archive;

namespace PstoreLab.Harness.Archiving;

/// <summary>Record sets of every kind in turn, each the same again for the same seed and number.</summary>
/// <param name="seed">Any number.</param>
public sealed class RecordSetGenerator(int seed)
{
    private static readonly (string Kind, Func<Random, RecordSet> Make)[] Makers =
    [
        (
            "one crash",
            random => OneRound(random, Any(random), (store, _) => store.Dump(DumpReason.Panic, 1 + random.Next(20)))
        ),
        ("a crash over a second", OverASecond),
        (
            "a crash of 100 parts and more",
            random =>
                OneRound(
                    random,
                    One(random, backend => backend.KeepsAllParts),
                    (store, _) => store.Dump(DumpReason.Panic, 100 + random.Next(30), 0.001)
                )
        ),
        ("an oops, then a panic", random => OneRound(random, Any(random), (store, _) => OopsThenPanic(store, random))),
        ("crashes of several boots", SeveralBoots),
        (
            "records of other frontends",
            random =>
                OneRound(
                    random,
                    One(random, backend => backend.OtherTypes.Count > 0),
                    (store, _) =>
                    {
                        store.OtherFrontends();
                        store.Dump(DumpReason.Panic, 1 + random.Next(8));
                    }
                )
        ),
        (
            "some compressed, some not",
            random =>
                OneRound(
                    random,
                    Any(random),
                    (store, _) =>
                        store.Dump(DumpReason.Panic, 2 + random.Next(10), compressed: _ => random.Next(2) == 0)
                )
        ),
        (
            "some that nothing decompresses",
            random =>
                OneRound(
                    random,
                    Any(random),
                    (store, _) =>
                        store.Dump(
                            DumpReason.Panic,
                            2 + random.Next(10),
                            compressed: _ => true,
                            unreadable: _ => random.Next(3) == 0
                        )
                )
        ),
        ("a crash after each archiving", CrashAfterEach),
        ("archived twice, and kept in the store", random => Kept(random, crashBetween: false)),
        ("a crash more, and all kept in the store", random => Kept(random, crashBetween: true)),
        ("an ERST id that carries", ErstCarry),
        ("other files in the archive", OtherFiles),
    ];

    // Those that are the same every time come once.
    private static readonly RecordSet[] First =
    [
        new(
            0,
            "nothing",
            "none",
            [
                [],
            ],
            true,
            []
        ),
        Large(),
    ];

    /// <summary>Names of the kinds.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [.. First.Select(set => set.Kind), .. Makers.Select(maker => maker.Kind)];

    /// <summary>One set.</summary>
    /// <param name="number">From 0.</param>
    public RecordSet Make(int number)
    {
        if (number < First.Length)
            return First[number] with { Number = number };
        var (kind, make) = Makers[number % Makers.Length];
        return make(new Random(unchecked((seed * 1_000_003) + number))) with { Number = number, Kind = kind };
    }

    private static RecordSet OverASecond(Random random)
    {
        var store = Store(random, One(random, backend => backend.KeepsAllParts));
        int parts = 2 + random.Next(14);
        double pace = 0.01 + (random.NextDouble() / 20);
        // Somewhere in the middle; and, once in four times, where ten seconds end as well.
        double boundary = Math.Ceiling(store.Clock / 10) * 10;
        store.Clock =
            boundary
            + (random.Next(4) == 0 ? 0 : random.Next(1, 10))
            - (pace * (1 + random.Next(parts - 1)))
            + (pace / 2);
        store.Dump(DumpReason.Panic, parts, pace);
        return Of(store, [store.Listing()]);
    }

    private static void OopsThenPanic(MadeStore store, Random random)
    {
        store.Dump(DumpReason.Oops, 1 + random.Next(12));
        store.Clock += random.Next(3) switch
        {
            0 => 0,
            1 => random.NextDouble(),
            _ => random.Next(600),
        };
        store.Dump(DumpReason.Panic, 1 + random.Next(12));
    }

    private static RecordSet SeveralBoots(Random random) =>
        OneRound(
            random,
            Any(random),
            (store, _) =>
            {
                for (int boots = 2 + random.Next(3); boots > 0; boots--)
                {
                    store.Dump(DumpReason.Panic, 1 + random.Next(10));
                    store.Boot(20 + random.Next(100_000));
                }
            }
        );

    private static RecordSet CrashAfterEach(Random random)
    {
        var store = Store(random, Any(random));
        var rounds = new List<IReadOnlyList<ListedRecord>>();
        for (int boots = 2 + random.Next(2); boots > 0; boots--)
        {
            if (random.Next(2) == 0)
                store.OtherFrontends();
            store.Dump(DumpReason.Panic, 1 + random.Next(10));
            rounds.Add(store.Listing());
            store.Free();
            store.Boot(20 + random.Next(100_000));
        }

        return Of(store, rounds);
    }

    private static RecordSet Kept(Random random, bool crashBetween)
    {
        var store = Store(random, Any(random));
        store.Dump(DumpReason.Panic, 1 + random.Next(10));
        var first = store.Listing();
        store.Boot(20 + random.Next(100_000));
        if (crashBetween)
            store.Dump(DumpReason.Panic, 1 + random.Next(10));
        return Of(store, [first, store.Listing()]) with { Unlink = false };
    }

    private static RecordSet ErstCarry(Random random)
    {
        var store = Store(random, MadeBackend.Get("erst"));
        int parts = 3 + random.Next(10);
        // Ids of a boot begin with the second in their upper half; of some seconds that is shortly before a million.
        ulong second = (ulong)store.Clock;
        while ((second << 32) % 1_000_000 < 1_000_000 - 256)
            second++;
        store.Clock = second;
        ulong end = ((second << 32) / 1_000_000 * 1_000_000) + 1_000_000;
        store.BeginErstAt(end - (ulong)(1 + random.Next(parts - 1)));
        store.Dump(DumpReason.Panic, parts);
        return Of(store, [store.Listing()]);
    }

    private static RecordSet OtherFiles(Random random)
    {
        ArchivedFile[] files =
        [
            new(
                "README",
                "kept by hand"u8.ToArray(),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead
            ),
            new("case 4711/console.log", "[    0.0] x\n"u8.ToArray(), UnixFileMode.UserRead),
            new(".hidden", ReadOnlyMemory<byte>.Empty, UnixFileMode.UserRead | UnixFileMode.UserWrite),
        ];
        return OneRound(random, Any(random), (store, _) => OopsThenPanic(store, random)) with { Foreign = files };
    }

    // ramoops.console_size=8M, and a kernel that had much to say; a zone takes its size and no byte less when it has
    // wrapped (fs/pstore/ram_core.c).
    private static RecordSet Large()
    {
        const string Line =
            "[    1.000000] a kernel that has much to say, for as long as there is room for it, and then a "
            + "little more\n";
        const int Room = (8 << 20) - 12;
        return new RecordSet(
            0,
            "a console of 8 MiB",
            "ramoops",
            [
                [
                    new ListedRecord(
                        new RecordName(RecordType.Console, "ramoops", 0),
                        string.Concat(Enumerable.Repeat(Line, (Room / Line.Length) + 1))[^Room..]
                    ),
                ],
            ],
            true,
            []
        );
    }

    private static RecordSet OneRound(Random random, MadeBackend backend, Action<MadeStore, Random> fill)
    {
        var store = Store(random, backend);
        fill(store, random);
        return Of(store, [store.Listing()]);
    }

    private static RecordSet Of(MadeStore store, IReadOnlyList<IReadOnlyList<ListedRecord>> rounds) =>
        new(0, "", store.Backend, rounds, true, []);

    // Not near the end of a second, unless that is wanted.
    private static MadeStore Store(Random random, MadeBackend backend) =>
        new(backend, random, random.Next(1_700_000_000, 1_900_000_000) + (random.NextDouble() / 4));

    private static MadeBackend Any(Random random) => One(random, _ => true);

    private static MadeBackend One(Random random, Func<MadeBackend, bool> suits)
    {
        MadeBackend[] backends = [.. MadeBackend.All.Where(suits)];
        return backends[random.Next(backends.Length)];
    }
}
