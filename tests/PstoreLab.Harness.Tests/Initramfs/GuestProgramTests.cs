using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Initramfs;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Scenarios;

namespace PstoreLab.Harness.Tests.Initramfs;

/// <summary>
/// The programs of guests, and the one that loads a capture kernel, run where there is none to load; that they can is
/// shown by the scenarios of the family kdump and by <c>ReplayTests</c>.
/// </summary>
[CancelAfter(60_000)]
public class GuestProgramTests
{
    private const int NoSuchFile = 2;
    private const int InvalidArgument = 22;

    private static readonly (string Program, string Package) NoCompiler = ("no-such-compiler", "its-package");

    private const string Purpose = "loads a capture kernel";

    private static readonly string Source = Path.Combine(ScenarioBench.Root, "images", "kexec", "kexec.c");

    private static readonly IProcessRunner Runner = new ProcessRunner();

    private ScratchFolder _scratch = null!;

    [SetUp]
    public void MakeAFolder() => _scratch = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _scratch.Dispose();

    [TestCase("missing", "there")]
    [TestCase("there", "missing")]
    public async Task A_file_that_is_not_there_is_told_by_its_error(string kernel, string initramfs)
    {
        _scratch.Write("there", "");
        Assert.That(await RunAsync(kernel, initramfs, "console=ttyS0"), Is.EqualTo(NoSuchFile));
    }

    [Test]
    public async Task What_is_no_kernel_is_refused()
    {
        _scratch.Write("there", "");
        // By whom depends on where the test runs: no right to load one, no such call, or no kernel.
        Assert.That(
            await RunAsync("there", "there", "console=ttyS0"),
            Is.Not.Zero.And.Not.EqualTo(NoSuchFile).And.Not.EqualTo(InvalidArgument).And.LessThan(128)
        );
    }

    [Test]
    public async Task Too_few_arguments_are_refused() =>
        Assert.That(await RunAsync("kernel", "initramfs"), Is.EqualTo(InvalidArgument));

    [Test]
    public async Task Each_compiles_without_a_warning_and_needs_no_library(
        [Values("gcc", "aarch64-linux-gnu-gcc")] string compiler,
        [Values("kexec", "replay")] string name
    )
    {
        RequireCompiler(compiler);
        var program = Path.Combine(_scratch.Path, name);
        string source = Path.Combine(ScenarioBench.Root, "images", name, $"{name}.c");
        string[] arguments = [.. GuestProgram.Options, "-Werror", "-o", program, source];
        (await Runner.RunAsync(new ProcessSpec(compiler, arguments))).EnsureSuccess();
        Assert.That(await File.ReadAllBytesAsync(program), Has.Length.LessThan(128 << 10));
        if (compiler == "gcc")
            Assert.That(Busybox.IsStatic(program, MachineCatalogue.Default.Architecture), "it has no interpreter");
    }

    [Test]
    public async Task It_is_compiled_once_and_again_when_its_source_changes()
    {
        RequireCompiler("gcc");
        var source = _scratch.Write("kexec.c", await File.ReadAllTextAsync(Source));
        var program = new GuestProgram(Runner, source, Purpose, _scratch.Path);
        var first = await program.BuildAsync(GuestProgram.HostCompiler, CancellationToken.None);
        await File.WriteAllTextAsync(first, "kept");
        Assert.That(await program.BuildAsync(GuestProgram.HostCompiler, CancellationToken.None), Is.EqualTo(first));
        Assert.That(await File.ReadAllTextAsync(first), Is.EqualTo("kept"));

        await File.AppendAllTextAsync(source, "/* changed */\n");
        Assert.That(await program.BuildAsync(GuestProgram.HostCompiler, CancellationToken.None), Is.Not.EqualTo(first));
        Assert.That(
            Directory.GetFileSystemEntries(_scratch.Path),
            Has.Length.EqualTo(3),
            "the source, two programs, and nothing else"
        );
    }

    [Test]
    public void Without_a_compiler_the_message_names_its_package() =>
        Assert.That(
            () => Program().BuildAsync(NoCompiler, CancellationToken.None),
            Throws
                .TypeOf<UnsupportedException>()
                .With.Message.Contains("'no-such-compiler' is needed to compile what loads a capture kernel")
                .And.Message.Contains("apt install its-package")
        );

    [Test]
    public void What_does_not_compile_is_ours()
    {
        RequireCompiler("gcc");
        var source = _scratch.Write("kexec.c", "no C\n");
        Assert.That(
            () =>
                new GuestProgram(Runner, source, Purpose, _scratch.Path).BuildAsync(
                    GuestProgram.HostCompiler,
                    CancellationToken.None
                ),
            Throws.TypeOf<InfraException>().With.Message.Contains("kexec.c:1:")
        );
        Assert.That(Directory.GetFileSystemEntries(_scratch.Path), Is.EqualTo(new[] { source }), "nothing is left");
    }

    [Test]
    public void A_checkout_without_its_source_is_ours() =>
        Assert.That(
            () =>
                new GuestProgram(Runner, "/no/kexec.c", Purpose, _scratch.Path).BuildAsync(
                    GuestProgram.HostCompiler,
                    CancellationToken.None
                ),
            Throws.TypeOf<InfraException>().With.Message.StartsWith("/no/kexec.c cannot be compiled into ")
        );

    private static void RequireCompiler(string compiler)
    {
        if (HostProgram.Find(compiler) is null)
            Assert.Ignore($"no {compiler} on this machine");
    }

    private GuestProgram Program() => new(Runner, Source, Purpose, _scratch.Path);

    private async Task<int> RunAsync(params string[] arguments)
    {
        RequireCompiler("gcc");
        var program = await Program().BuildAsync(GuestProgram.HostCompiler, CancellationToken.None);
        var output = await Runner.RunAsync(new ProcessSpec(program, arguments) { WorkingDirectory = _scratch.Path });
        return output.Exit.Code;
    }
}
