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

int first = rest is [var seed] ? int.Parse(seed, CultureInfo.InvariantCulture) : 1;
byte[][] files = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(Unpacked)];

// What is in the stores is as good to begin with as the stores.
byte[][] corpus = [.. files, .. files.SelectMany(PayloadsOf)];
int done = 0;
int failed = 0;
Parallel.For(
    0,
    count,
    index =>
    {
        byte[] input = DamagedImage.Of(corpus, first + index);
        // In turn, so that each gets its share however long one lets it run; by the seed, so that it alone repeats it.
        var reader = Readers.All[(first + index) % Readers.All.Count];
        if (Trial.Of(reader, input) is { } fault)
        {
            Interlocked.Increment(ref failed);
            Directory.CreateDirectory(failures);
            string path = Path.Combine(failures, $"{reader.Name.Replace(' ', '-')}-{first + index}");
            File.WriteAllBytes(path, input);
            Console.Error.WriteLine($"{path}: {fault}");
        }
        if (Interlocked.Increment(ref done) % 50_000 == 0)
            Console.WriteLine($"{done} of {count} inputs, {failed} not taken well");
    }
);
Console.WriteLine(
    $"{done} inputs made of {files.Length} files and {corpus.Length - files.Length} records in them, "
        + $"{Readers.All.Count} readers, {failed} not taken well"
);
return failed == 0 ? 0 : 1;

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
