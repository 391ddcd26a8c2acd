using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using PstoreLab.Fuzz;
using PstoreLab.Records.Stores;
using PstoreLab.Records.Tests.Fuzzing;
using SharpFuzz;

// fuzz count|afl CORPUS FOLDER [COUNT [SEED]]: every reader gets inputs made of the files of CORPUS, each damaged at
// random; an input that one of them does not take well is left in FOLDER. With afl the inputs come from afl-fuzz.
if (args is ["afl"])
{
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        foreach (var reader in Readers.All)
            if (Trial.Of(reader, bytes.ToArray()) is { } fault)
                throw new InvalidOperationException($"{reader.Name}: {fault}");
    });
    return 0;
}

if (
    args is not ["count", var folder, var failures, var number, .. var rest]
    || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
)
{
    Console.Error.WriteLine("fuzz: expected `count CORPUS FOLDER COUNT [SEED]` or `afl`");
    return 2;
}

int first = rest is [var given] ? int.Parse(given, CultureInfo.InvariantCulture) : 1;
byte[][] files = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(Unpacked)];

// What is in the stores is as good to begin with as the stores.
byte[][] records = [.. files.SelectMany(PayloadsOf)];
byte[][] corpus = [.. files, .. records];
long[] ticks = new long[Readers.All.Count];
int done = 0;
int failed = 0;
int next = 0;

// Threads of their own: those of the pool are what a time limit is called on.
Thread[] workers = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work))];
foreach (var worker in workers)
    worker.Start();
foreach (var worker in workers)
    worker.Join();
foreach (var (reader, spent) in Readers.All.Zip(ticks).OrderByDescending(pair => pair.Second))
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{reader.Name}: {spent * 1000.0 / Stopwatch.Frequency * Readers.All.Count / done:0.000} ms an input"
        )
    );
Console.WriteLine(
    $"{done} inputs made of {files.Length} files and {records.Length} records in them, "
        + $"{Readers.All.Count} readers, {failed} not taken well"
);
return failed == 0 ? 0 : 1;

void Work()
{
    while (Interlocked.Increment(ref next) - 1 is var index && index < count)
        Try(first + index);
}

void Try(int seed)
{
    // In turn, so that each gets its share however long one lets it run; by the seed, so that it alone repeats it.
    int turn = seed % Readers.All.Count;
    var reader = Readers.All[turn];
    byte[] input = DamagedImage.Of(reader.TakesRecords ? records : corpus, seed);
    long begun = Stopwatch.GetTimestamp();
    string? fault = Trial.Of(reader, input);
    long took = Stopwatch.GetTimestamp() - begun;
    Interlocked.Add(ref ticks[turn], took);
    if (fault is not null)
    {
        Interlocked.Increment(ref failed);
        Directory.CreateDirectory(failures);
        string path = Path.Combine(failures, $"{reader.Name.Replace(' ', '-')}-{seed}");
        File.WriteAllBytes(path, input);
        Console.Error.WriteLine($"{path}: {fault}");
    }
    if (Interlocked.Increment(ref done) % 50_000 == 0)
        Console.WriteLine($"{done} of {count} inputs, {failed} not taken well");
}

static IEnumerable<byte[]> PayloadsOf(byte[] file) =>
    StoreFormats.Recognise(file, file.Length) is { } format
        ? format.Decode(file, StoreOptions.None).Records.Select(record => record.Payload.ToArray())
        : [];

static byte[] Unpacked(string path)
{
    byte[] content = File.ReadAllBytes(path);
    if (!path.EndsWith(".gz", StringComparison.Ordinal))
        return content;
    using var gzip = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
    using var bytes = new MemoryStream();
    gzip.CopyTo(bytes);
    return bytes.ToArray();
}
