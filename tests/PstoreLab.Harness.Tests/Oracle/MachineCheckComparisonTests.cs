using System.Buffers.Binary;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>A record that was read off ERST in a guest, against what that guest's console said.</summary>
public class MachineCheckComparisonTests
{
    private const string Console = """
        [    2.233170] mce: [Hardware Error]: CPU 0: Machine Check Exception: 5 Bank 1: be00000000800400
        [    2.242491] mce: [Hardware Error]: RIP !INEXACT! 10:<ffffffff81357808> {serial8250_tx_chars+0xd8/0x350}
        [    2.244028] mce: [Hardware Error]: TSC 23d4e45b8 ADDR 1000 MISC 8c 
        """;

    private static byte[] Record =>
        Convert.FromHexString(
            "00048000000000be8c0000000000000000100000000000000500000000000000087835"
                + "81ffffffff"
                + "b8454e3d02000000"
                + "c1b8026b0000000002000000b10f0600"
                + "1001000000000000000000000000000"
                + "00a01000100000000"
        );

    [Test]
    public void The_record_is_what_the_console_says() =>
        Assert.That(MachineCheckComparison.Faults(Console, Record), Is.Empty);

    [TestCase(0, "its status is 0xbe00000000800401")]
    [TestCase(8, "its misc is 0x8d, the console says 8c")]
    [TestCase(16, "its addr is 0x1001, the console says 1000")]
    [TestCase(24, "its mcgstatus is 0x4, the console says 5")]
    [TestCase(40, "its tsc is 0x23d4e45b9, the console says 23d4e45b8")]
    [TestCase(65, "its bank is 0, the console says 1")]
    [TestCase(68, "its cpu is 1, the console says 0")]
    public void A_field_that_differs_is_told(int at, string fault)
    {
        byte[] record = Record;
        record[at] ^= 1;
        Assert.That(MachineCheckComparison.Faults(Console, record).Single(), Does.StartWith(fault));
    }

    [Test]
    public void Processors_and_banks_are_counted_in_tens_and_all_else_in_sixteens()
    {
        string console = Console.Replace("CPU 0", "CPU 10").Replace("Bank 1", "Bank 12").Replace("8c", "10");
        byte[] record = Record;
        (record[68], record[65], record[8]) = (10, 12, 0x10);
        Assert.That(MachineCheckComparison.Faults(console, record), Is.Empty);
        (record[68], record[65], record[8]) = (0x10, 0x12, 10);
        Assert.That(
            MachineCheckComparison.Faults(console, record),
            Is.EqualTo([
                "its cpu is 16, the console says 10",
                "its bank is 18, the console says 12",
                "its misc is 0xa, the console says 10",
            ])
        );
    }

    [Test]
    public async Task A_record_of_one_is_held_against_the_console()
    {
        using var evidence = new CaseEvidence();
        evidence.Records.Clear();
        evidence.Console += Console + "\n";
        evidence.Store = evidence.IntactStore();
        var erst = StoreFormats.Get(StoreKind.Erst);
        Assert.That(
            erst.Write(evidence.Store, StoreOptions.None, new RecordToWrite(RecordType.Mce, Record) { Id = 5 })
        );
        evidence.Show(shown => shown["mce-erst-5"] = RecordText.FromBytes(Record));
        evidence.Record = CaseEvidence.WholePanic with { Type = RecordType.Mce, Reason = null };
        var judgement = await evidence.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(judgement.Findings[0].Text, Does.EndWith(", the machine check that the console shows"));
        evidence.Console = evidence.Console.Replace("Bank 1", "Bank 2");
        Assert.That(
            await evidence.FaultAsync(),
            Does.StartWith("mce-erst-5 of crash 1: its bank is 1, the console says 2; ")
        );
    }

    [Test]
    public void What_is_no_machine_check_is_told()
    {
        Assert.That(
            MachineCheckComparison.Faults(Console, new byte[20]).Single(),
            Is.EqualTo("it is 20 bytes, too short for a machine check")
        );
        Assert.That(
            MachineCheckComparison.Faults("[    1.000000] all is well\n", Record).Single(),
            Is.EqualTo("the console shows no machine check")
        );
        Assert.That(BinaryPrimitives.ReadUInt64LittleEndian(Record), Is.EqualTo(0xbe00000000800400), "the fixture");
    }
}
