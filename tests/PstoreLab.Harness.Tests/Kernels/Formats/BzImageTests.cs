using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Kernels.Formats;

[CancelAfter(30_000)]
public class BzImageTests
{
    private ScratchFolder _scratch = null!;

    [SetUp]
    public void SetUp() => _scratch = new ScratchFolder();

    [TearDown]
    public void TearDown() => _scratch.Dispose();

    [TestCase("xz")]
    [TestCase("zstd")]
    [TestCase("gzip")]
    [TestCase("lz4")]
    [TestCase("bzip2")]
    [TestCase("lzma")]
    public async Task The_vmlinux_comes_out_as_it_went_in(string program, CancellationToken cancellationToken)
    {
        var path = _scratch.Write("vmlinuz", Synthetic.BzImage(await Synthetic.PayloadAsync(program, Synthetic.Elf)));
        var vmlinux = await ExtractAsync(path, cancellationToken);
        Assert.That(await File.ReadAllBytesAsync(vmlinux, cancellationToken), Is.EqualTo(Synthetic.Elf));
    }

    [Test]
    public async Task It_says_its_release(CancellationToken cancellationToken)
    {
        var path = _scratch.Write("vmlinuz", Synthetic.BzImage([1, 2, 3, 4, 5, 6, 7, 8], "7.2.12+deb13-amd64"));
        Assert.That((await BzImage.ReadAsync(path, cancellationToken)).Release, Is.EqualTo("7.2.12+deb13-amd64"));
    }

    [Test]
    public void Something_else_is_refused(CancellationToken cancellationToken)
    {
        var path = _scratch.Write("vmlinuz", Synthetic.Elf);
        Assert.That(
            () => ExtractAsync(path, cancellationToken),
            Throws.TypeOf<InfraException>().With.Message.Contains("not a bzImage")
        );
    }

    [Test]
    public async Task A_file_cut_short_is_refused(CancellationToken cancellationToken)
    {
        var image = Synthetic.BzImage(await Synthetic.PayloadAsync("gzip", Synthetic.Elf));
        var path = _scratch.Write("vmlinuz", image[..^200]);
        Assert.That(
            () => ExtractAsync(path, cancellationToken),
            Throws.TypeOf<InfraException>().With.Message.Contains("cut short")
        );
    }

    [Test]
    public async Task A_damaged_payload_is_refused(CancellationToken cancellationToken)
    {
        var payload = await Synthetic.PayloadAsync("xz", Synthetic.Elf);
        payload[payload.Length / 2] ^= 0xff;
        var path = _scratch.Write("vmlinuz", Synthetic.BzImage(payload));
        Assert.That(
            () => ExtractAsync(path, cancellationToken),
            Throws.TypeOf<InfraException>().With.Message.Contains("xz")
        );
    }

    [Test]
    public async Task A_payload_that_is_no_ELF_image_is_refused(CancellationToken cancellationToken)
    {
        var path = _scratch.Write("vmlinuz", Synthetic.BzImage(await Synthetic.PayloadAsync("gzip", [1, 2, 3, 4, 5])));
        Assert.That(
            () => ExtractAsync(path, cancellationToken),
            Throws.TypeOf<InfraException>().With.Message.Contains("not an ELF image")
        );
    }

    [Test]
    public void An_unknown_compression_is_refused(CancellationToken cancellationToken)
    {
        var path = _scratch.Write("vmlinuz", Synthetic.BzImage([9, 9, 9, 9, 9, 9, 9, 9, 9]));
        Assert.That(
            () => ExtractAsync(path, cancellationToken),
            Throws.TypeOf<InfraException>().With.Message.Contains("unknown way")
        );
    }

    private async Task<string> ExtractAsync(string path, CancellationToken cancellationToken)
    {
        var target = Path.Combine(_scratch.Path, "vmlinux");
        var image = await BzImage.ReadAsync(path, cancellationToken);
        await image.ExtractAsync(new Decompressor(new ProcessRunner()), target, cancellationToken);
        return target;
    }
}
