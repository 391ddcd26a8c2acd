using System.Numerics;
using PstoreLab.Harness.Damages;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Damages;

/// <summary>Each damage, done to a real store of every kind, does what it says and nothing else.</summary>
public class StoreDamageTests
{
    private static IReadOnlyList<StoreBench> Stores => StoreBench.All;

    private static IEnumerable<TestCaseData<StoreBench, RegionKind>> Regions =>
        from store in Stores
        from kind in Enum.GetValues<RegionKind>()
        where store.Live(store.Filled())[1].Regions.Any(region => region.Kind == kind)
        select new TestCaseData<StoreBench, RegionKind>(store, kind);

    [TestCaseSource(nameof(Regions))]
    public void So_many_bytes_of_the_region_are_altered_and_no_other(StoreBench bench, RegionKind region)
    {
        var (changed, _, _) = Done(bench, new FlipBytes(2, region, null, 5, 1));
        Assert.That(changed, Has.Count.EqualTo(5));
        Assert.That(changed, Is.SubsetOf(Places(bench, 2, region)));
    }

    [TestCaseSource(nameof(Regions))]
    public void So_many_bits_of_the_region_are_flipped_and_no_other(StoreBench bench, RegionKind region)
    {
        var (changed, before, after) = Done(bench, new FlipBits(2, region, null, 17, 1));
        Assert.That(changed.Sum(at => BitOperations.PopCount((uint)(before[at] ^ after[at]))), Is.EqualTo(17));
        Assert.That(changed, Is.SubsetOf(Places(bench, 2, region)));
    }

    [TestCaseSource(nameof(Regions))]
    public void A_region_is_zeroed_and_nothing_else(StoreBench bench, RegionKind region)
    {
        var (changed, _, after) = Done(bench, new Zero(2, region));
        Assert.That(Places(bench, 2, region).Select(at => after[at]), Is.All.Zero);
        Assert.That(changed, Is.SubsetOf(Places(bench, 2, region)));
    }

    [TestCaseSource(nameof(Regions))]
    public void Bytes_are_written_where_they_were_asked_for(StoreBench bench, RegionKind region)
    {
        int first = Places(bench, 2, region)[0];
        var (changed, before, after) = Done(bench, new Poke(2, region, 3, "00ff25"));
        Assert.That(after[(first + 3)..(first + 6)], Is.EqualTo(new byte[] { 0, 0xff, 0x25 }));
        Assert.That(changed, Is.SubsetOf(Enumerable.Range(first + 3, 3)));
        Assert.That(before, Has.Length.EqualTo(after.Length));
    }

    [TestCaseSource(nameof(Stores))]
    public void The_magic_is_spoilt_and_nothing_else(StoreBench bench)
    {
        int header = Places(bench, 2, RegionKind.Header)[0];
        var (changed, before, after) = Done(bench, new WrongMagic(2));
        Assert.That(changed, Is.EqualTo(Enumerable.Range(header, 4)));
        Assert.That(changed.Select(at => before[at] ^ after[at]), Is.All.EqualTo(0xff));
    }

    [TestCaseSource(nameof(Stores))]
    public void What_lies_behind_the_first_bytes_is_zeroed(StoreBench bench)
    {
        int[] data = Places(bench, 2, RegionKind.Data);
        var (changed, _, after) = Done(bench, new Truncate(2, 1000));
        Assert.That(changed, Is.SubsetOf(data[1000..]).And.Not.Empty);
        Assert.That(data[1000..].Select(at => after[at]), Is.All.Zero);
    }

    [TestCaseSource(nameof(Stores))]
    public void The_same_seed_hits_the_same_places_and_another_others(StoreBench bench)
    {
        byte[] first = Done(bench, new FlipBytes(1, RegionKind.Data, null, 20, 7)).After;
        Assert.That(Done(bench, new FlipBytes(1, RegionKind.Data, null, 20, 7)).After, Is.EqualTo(first));
        Assert.That(Done(bench, new FlipBytes(1, RegionKind.Data, null, 20, 8)).After, Is.Not.EqualTo(first));
        byte[] bits = Done(bench, new FlipBits(1, RegionKind.Data, null, 20, 7)).After;
        Assert.That(Done(bench, new FlipBits(1, RegionKind.Data, null, 20, 7)).After, Is.EqualTo(bits));
        Assert.That(Done(bench, new FlipBits(1, RegionKind.Data, null, 20, 8)).After, Is.Not.EqualTo(bits));
    }

    [Test]
    public void Damaged_bytes_of_a_block_are_what_error_correction_counts(
        [Values(0, 1, 2, 3, 4, 5, 6, 7, 8)] int count,
        [Values(RegionKind.Data, RegionKind.Parity)] RegionKind region
    )
    {
        var (_, _, after) = Done(StoreBench.RamoopsEcc, new FlipBytes(2, region, 3, count, 1));
        var record = StoreBench.RamoopsEcc.Live(after)[1];
        Assert.That((record.Ecc!.CorrectedBytes, record.Ecc.UnrecoverableBlocks), Is.EqualTo((count, 0)));
        Assert.That(record.Ecc.Blocks[3].CorrectedBytes, Is.EqualTo(count));
        Assert.That(StoreBench.RamoopsEcc.Texts(after), Is.EqualTo(new[] { 1, 2, 3 }.Select(StoreBench.Text)));
    }

    [TestCase(9, RegionKind.Data)]
    [TestCase(9, RegionKind.Parity)]
    [TestCase(16, RegionKind.Parity)]
    [TestCase(128, RegionKind.Data)]
    public void More_than_error_correction_can_mend_is_a_lost_block(int count, RegionKind region)
    {
        var ecc = StoreBench
            .RamoopsEcc.Live(Done(StoreBench.RamoopsEcc, new FlipBytes(2, region, 3, count, 1)).After)[1]
            .Ecc!;
        Assert.That((ecc.CorrectedBytes, ecc.UnrecoverableBlocks), Is.EqualTo((0, 1)));
        Assert.That(ecc.Blocks[3].CorrectedBytes, Is.Null);
    }

    [TestCase(RegionKind.Header)]
    [TestCase(RegionKind.HeaderParity)]
    public void A_header_is_mended_too(RegionKind region)
    {
        var record = StoreBench.RamoopsEcc.Live(
            Done(StoreBench.RamoopsEcc, new FlipBytes(2, region, null, 8, 1)).After
        )[1];
        Assert.That(record.Ecc!.HeaderCorrectedBytes, Is.EqualTo(8));
        Assert.That(RecordText.FromBytes(record.Decompressed.Bytes.Span), Is.EqualTo(StoreBench.Text(2)));
    }

    [Test]
    public void The_last_block_is_hit_within_the_record()
    {
        var record = StoreBench.RamoopsEcc.Live(StoreBench.RamoopsEcc.Filled())[1];
        int last = record.Ecc!.Blocks[^1].Index;
        int size =
            record.Regions.Single(region => region.Kind == RegionKind.Data).Length - record.Ecc.Blocks[^1].Offset;
        var (changed, _, _) = Done(StoreBench.RamoopsEcc, new FlipBytes(2, RegionKind.Data, last, size, 1));
        Assert.That(changed, Is.EqualTo(Places(StoreBench.RamoopsEcc, 2, RegionKind.Data)[^size..]));
        Assert.That(
            Refused(StoreBench.RamoopsEcc, new FlipBytes(2, RegionKind.Data, last, size + 1, 1)),
            Is.EqualTo($"there are {size} places to hit, not {size + 1}")
        );
    }

    private static IEnumerable<StoreBench> WithPlaces => Stores.Where(store => store.Kind != StoreKind.Efi);

    [TestCaseSource(nameof(WithPlaces))]
    public void Two_records_exchange_their_places_whatever_their_lengths(StoreBench bench)
    {
        byte[] after = Done(bench, new Swap(1, 3)).After;
        Assert.That(bench.Texts(after), Is.EqualTo(new[] { 3, 2, 1 }.Select(StoreBench.Text)));
        Assert.That(
            bench.Live(after).Select(record => record.Place),
            Is.EqualTo(bench.Live(bench.Filled()).Select(record => record.Place))
        );
        Assert.That(Done(bench, new Swap(3, 1)).After, Is.EqualTo(after), "it is the same from the other end");
        Assert.That(StoreDamage.Apply(after, bench.Kind, bench.Options, new Swap(1, 3)).Fault, Is.Null);
        Assert.That(bench.Texts(after), Is.EqualTo(bench.Texts(bench.Filled())), "twice is not at all");
    }

    [Test]
    public void Variables_have_no_places_to_exchange() =>
        Assert.That(Refused(StoreBench.Efi, new Swap(1, 2)), Does.EndWith("are not two places that can be exchanged"));

    [TestCaseSource(nameof(Stores))]
    public void A_record_is_not_exchanged_with_itself(StoreBench bench) =>
        Assert.That(Refused(bench, new Swap(2, 2)), Does.EndWith("are not two places that can be exchanged"));

    [TestCaseSource(nameof(Stores))]
    public void A_payload_is_replaced(StoreBench bench)
    {
        const string text = "Panic#7 Part1\n<6>[    1.000000] not by this kernel\n";
        byte[] after = Done(bench, new Replace(2, text)).After;
        Assert.That(bench.Texts(after), Is.EquivalentTo([StoreBench.Text(1), text, StoreBench.Text(3)]));
        Assert.That(bench.Live(after).Count(record => !record.MarkedCompressed), Is.EqualTo(1));
    }

    [TestCaseSource(nameof(Stores))]
    public void Another_window_makes_other_bytes_of_the_same_record(StoreBench bench)
    {
        byte[] narrow = Done(bench, new Recompress(2, CompressionMethod.Deflate, 11)).After;
        Assert.That(bench.Texts(narrow), Is.EquivalentTo(new[] { 1, 2, 3 }.Select(StoreBench.Text)));
        byte[] again = [.. narrow];
        Assert.That(
            StoreDamage
                .Apply(
                    again,
                    bench.Kind,
                    bench.Options,
                    new Recompress(IndexOf(bench, narrow, StoreBench.Text(2)), CompressionMethod.Deflate, 15)
                )
                .Fault,
            Is.Null
        );
        Assert.That(bench.Texts(again), Is.EquivalentTo(new[] { 1, 2, 3 }.Select(StoreBench.Text)));
        Assert.That(again, Is.Not.EqualTo(narrow));
    }

    [TestCaseSource(nameof(Stores))]
    public void A_record_is_put_down_uncompressed(StoreBench bench)
    {
        byte[] after = Done(bench, new Recompress(2, CompressionMethod.None, 15)).After;
        var plain = bench.Live(after).Single(record => !record.MarkedCompressed);
        Assert.That(RecordText.FromBytes(plain.Payload.Span), Is.EqualTo(StoreBench.Text(2)));
        Assert.That(bench.Live(after), Has.Count.EqualTo(3), "it took the old one's place");
    }

    [TestCase(CompressionMethod.Lzo)]
    [TestCase(CompressionMethod.Lz4)]
    [TestCase(CompressionMethod.Zstd)]
    [TestCase(CompressionMethod.Sw842)]
    public void Another_compressor_is_one_that_our_decoder_knows(CompressionMethod method)
    {
        if (RecordCompression.MissingLibrary(method) is { } missing)
            Assert.Ignore(missing);
        byte[] after = Done(StoreBench.Ramoops, new Recompress(2, method, 15)).After;
        var record = StoreBench.Ramoops.Live(after)[1];
        Assert.That(
            (record.Decompressed.Method, RecordText.FromBytes(record.Decompressed.Bytes.Span)),
            Is.EqualTo((method, StoreBench.Text(2)))
        );
    }

    [TestCaseSource(nameof(Stores))]
    public void A_mark_is_altered_and_the_payload_is_not(StoreBench bench)
    {
        byte[] payload = bench.Live(bench.Filled())[1].Payload.ToArray();
        byte[] after = Done(bench, new MarkCompressed(2, false)).After;
        Assert.That(bench.Live(after), Has.Count.EqualTo(3));
        Assert.That(
            bench.Live(after).Single(record => !record.MarkedCompressed).Payload.ToArray(),
            Is.EqualTo(payload)
        );
        Assert.That(
            bench.Live(after).Count(record => record.MarkedCompressed && record.Decompressed.IsComplete),
            Is.EqualTo(2)
        );
    }

    [TestCaseSource(nameof(Stores))]
    public void A_store_is_filled_until_no_more_is_taken(StoreBench bench)
    {
        byte[] after = Done(bench, new Fill(3000)).After;
        var fillers = bench.Texts(after).Where(text => text.Contains(Fill.FillerPrefix)).ToList();
        Assert.That(
            bench.Texts(after),
            Is.SupersetOf(new[] { 1, 2, 3 }.Select(StoreBench.Text)),
            "what was there stays"
        );
        Assert.That(fillers, Is.Unique);
        Assert.That(fillers.Select(text => text.Length), Has.Some.EqualTo(3000).And.All.AtMost(3000));
        byte[] more = [.. after];
        Assert.That(
            bench.Format.Write(more, bench.Options, StoreBench.Record(4) with { Payload = new byte[100] }),
            Is.False,
            "nor is there room for a small one"
        );
        byte[] again = [.. after];
        StoreDamage.Apply(again, bench.Kind, bench.Options, new Fill(3000));
        Assert.That(again, Is.EqualTo(after), "it is full");
    }

    private static IEnumerable<TestCaseData<StoreBench, Damage, string>> Impossible =>
        [
            .. Stores.Select(store => new TestCaseData<StoreBench, Damage, string>(
                store,
                new WrongMagic(4),
                "the store holds 3 records, so there is no record 4 to damage"
            )),
            .. Stores.Select(store => new TestCaseData<StoreBench, Damage, string>(
                store,
                new Swap(1, 4),
                "the store holds 3 records, so there is no record 4 to damage"
            )),
            .. Stores.Select(store => new TestCaseData<StoreBench, Damage, string>(
                store,
                new FlipBytes(1, RegionKind.Data, null, 65536, 1),
                "places to hit, not 65536"
            )),
            .. Stores.Select(store => new TestCaseData<StoreBench, Damage, string>(
                store,
                new Poke(1, RegionKind.Data, 65000, "00"),
                "1 bytes at 65000 do not fit into a region of "
            )),
            .. Stores.Select(store => new TestCaseData<StoreBench, Damage, string>(
                store,
                new Poke(1, RegionKind.Data, int.MaxValue, "0011"),
                "2 bytes at 2147483647 do not fit"
            )),
            .. Stores.Select(store => new TestCaseData<StoreBench, Damage, string>(
                store,
                new Truncate(1, 60000),
                "bytes of data, so there is nothing behind 60000"
            )),
            .. Stores.Select(store => new TestCaseData<StoreBench, Damage, string>(
                store,
                new Replace(1, new string('x', 600_000)),
                "600000"
            )),
            .. Stores.Select(store => new TestCaseData<StoreBench, Damage, string>(store, new Fill(600_000), "600000")),
            .. Stores
                .Where(store => store != StoreBench.RamoopsEcc)
                .SelectMany(store =>
                    new[]
                    {
                        new TestCaseData<StoreBench, Damage, string>(
                            store,
                            new FlipBits(1, RegionKind.Data, 0, 1, 1),
                            "has no ECC block 0"
                        ),
                        new TestCaseData<StoreBench, Damage, string>(
                            store,
                            new Zero(1, RegionKind.Parity),
                            "has no Parity to damage"
                        ),
                        new TestCaseData<StoreBench, Damage, string>(
                            store,
                            new FlipBytes(1, RegionKind.HeaderParity, null, 1, 1),
                            "has no HeaderParity to damage"
                        ),
                    }
                ),
            new(
                StoreBench.RamoopsEcc,
                new FlipBytes(1, RegionKind.Data, 200, 1, 1),
                "dmesg zone 0 has no ECC block 200"
            ),
            new(
                StoreBench.RamoopsEcc,
                new FlipBytes(1, RegionKind.Parity, 3, 17, 1),
                "there are 16 places to hit, not 17"
            ),
            new(
                StoreBench.RamoopsEcc,
                new FlipBits(1, RegionKind.Data, 3, 1025, 1),
                "there are 1024 places to hit, not 1025"
            ),
            new(StoreBench.RamoopsEcc, new Poke(1, RegionKind.Map, 0, "00"), "has no Map to damage"),
        ];

    [TestCaseSource(nameof(Impossible))]
    public void What_cannot_be_done_leaves_the_store_alone_and_says_why(StoreBench bench, Damage damage, string why) =>
        Assert.That(Refused(bench, damage), Does.Contain(why));

    [Test]
    public void A_store_that_cannot_be_read_is_left_alone()
    {
        byte[] store = [1, 2, 3];
        var log = StoreDamage.Apply(store, StoreKind.Erst, StoreOptions.None, new WrongMagic(1));
        Assert.That(log.Fault, Does.StartWith("no ERST store"));
        Assert.That(store, Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    private static (IReadOnlyList<int> Changed, byte[] Before, byte[] After) Done(StoreBench bench, Damage damage)
    {
        byte[] before = bench.Filled();
        byte[] after = [.. before];
        var log = StoreDamage.Apply(after, bench.Kind, bench.Options, damage);
        Assert.That((log.Fault, log.Done), Is.EqualTo((default(string), damage.ToString())));
        int[] changed = [.. Enumerable.Range(0, before.Length).Where(at => before[at] != after[at])];
        Assert.That(
            changed.All(at =>
                log.Changes.Any(change => at >= change.Offset && at < change.Offset + change.Bytes.Length / 2)
            ),
            "all of it is logged"
        );
        return (changed, before, after);
    }

    private static string Refused(StoreBench bench, Damage damage)
    {
        byte[] before = bench.Filled();
        byte[] store = [.. before];
        var log = StoreDamage.Apply(store, bench.Kind, bench.Options, damage);
        Assert.That(log.Changes, Is.Empty);
        Assert.That(store, Is.EqualTo(before));
        Assert.That(log.Fault, Is.Not.Null);
        return log.Fault!;
    }

    private static int IndexOf(StoreBench bench, byte[] store, string text) =>
        bench.Texts(store).ToList().IndexOf(text) + 1;

    private static int[] Places(StoreBench bench, int number, RegionKind kind) =>
        [
            .. bench
                .Live(bench.Filled())[number - 1]
                .Regions.Where(region => region.Kind == kind)
                .SelectMany(region => Enumerable.Range((int)region.Offset, region.Length)),
        ];
}
