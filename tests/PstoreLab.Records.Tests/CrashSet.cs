using System.Text;

namespace PstoreLab.Records.Tests;

/// <summary>
/// The content of one store after some boots: their crashes, each with its remaining parts by ascending number.
/// </summary>
internal static class CrashSet
{
    private static readonly string[] Backends = ["efi", "efi_pstore", "erst", "ramoops", "pstore_blk"];

    public static List<List<DumpPart>> Make(Random random)
    {
        string backend = Backends[random.Next(Backends.Length)];
        bool zones = backend is "ramoops" or "pstore_blk";
        // The pause alone separates a dump that lost its first parts from the one before it.
        bool losesFirst = random.Next(2) == 0;
        double clock = random.Next(1_000_000_000, 2_000_000_000) + random.NextDouble();
        ulong zone = 0;
        var crashes = new List<List<DumpPart>>();
        for (int boots = 1 + random.Next(4); boots > 0; boots--)
        {
            ulong record = (ulong)clock << 32;
            int count = 0;
            for (int dumps = 1 + random.Next(3); dumps > 0; dumps--)
            {
                count++;
                string reason = dumps > 1 ? DumpReason.Oops : DumpReason.Panic;
                int length =
                    zones ? 1
                    : random.Next(10) == 0 ? 100 + random.Next(60)
                    : 1 + random.Next(20);
                int slow = random.Next(length + 1);
                var parts = new List<DumpPart>();
                for (uint part = 1; part <= length; part++)
                {
                    ulong id =
                        zones ? zone++
                        : backend == "erst" ? record
                        : ((((ulong)clock * 100) + part) * 1000) + (ulong)count;
                    parts.Add(
                        DumpPart.Parse(
                            new RecordName(RecordType.Dmesg, backend, id),
                            Encoding.Latin1.GetBytes($"{reason}#{count} Part{part}\n{crashes.Count}.{part}")
                        )
                    );
                    record++;
                    // Flash takes its time, and once it erases a block.
                    clock += (random.NextDouble() / 5) + (part == slow ? 4 * random.NextDouble() : 0);
                }

                var kept = parts.Where((_, index) => (index == 0 && !losesFirst) || random.Next(8) > 0).ToList();
                crashes.Add(kept.Count > 0 ? kept : [parts[^1]]);
                clock += random.NextDouble() * 3;
            }

            clock += (losesFirst ? 60 : 10) + (random.NextDouble() * (random.Next(2) == 0 ? 5 : 100_000));
        }

        return crashes;
    }
}
