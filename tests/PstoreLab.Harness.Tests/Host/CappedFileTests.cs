using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Tests.Host;

public class CappedFileTests
{
    private ScratchFolder _scratch = null!;

    [SetUp]
    public void SetUp() => _scratch = new ScratchFolder();

    [TearDown]
    public void TearDown() => _scratch.Dispose();

    [TestCase(new[] { "1234", "5678" }, "12345678")]
    [TestCase(new[] { "1234", "56789" }, "12345678\n[1 more bytes not kept]\n")]
    [TestCase(new[] { "123456789", "0", "abc" }, "12345678\n[5 more bytes not kept]\n")]
    public void It_keeps_the_first_bytes_and_counts_the_rest(string[] written, string kept)
    {
        string path = Path.Combine(_scratch.Path, "log");
        using (var file = new CappedFile(path, 8))
        {
            foreach (string part in written)
                file.Write(System.Text.Encoding.ASCII.GetBytes(part));
            Assert.That(file.Length, Is.EqualTo(written.Sum(part => part.Length)));
        }

        Assert.That(File.ReadAllText(path), Is.EqualTo(kept));
    }

    [Test]
    public void A_full_disk_costs_nothing_but_the_log() =>
        Assert.That(
            () =>
            {
                using var file = new CappedFile("/dev/full", 8);
                file.Write("1234"u8);
                Assert.That(file.Length, Is.EqualTo(4));
            },
            Throws.Nothing
        );
}
