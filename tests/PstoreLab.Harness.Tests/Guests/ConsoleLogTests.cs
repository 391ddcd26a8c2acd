using System.IO.Pipelines;
using System.Text;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Processes;

namespace PstoreLab.Harness.Tests.Guests;

[CancelAfter(60_000)]
public class ConsoleLogTests
{
    private const string Kernel = "[    0.000000] Linux version 6.1.0-50-amd64\n";

    [TestCase("")]
    [TestCase("SeaBIOS (version 1.16.2)\r\n")]
    [TestCase("BdsDxe: starting Boot0001")]
    public async Task A_new_kernel_begins_a_new_file_whatever_came_before_it(string before)
    {
        var read = await ReadAsync($"{Kernel}one\n{before}{Kernel}two\n");
        Assert.That(read[1], Is.EqualTo($"{Kernel}one\n{before}"));
        Assert.That(read[2], Is.EqualTo($"{Kernel}two\n"));
    }

    [Test]
    public async Task What_the_firmware_says_belongs_to_the_kernel_that_follows_it()
    {
        var read = await ReadAsync($"SeaBIOS\n{Kernel}one\n");
        Assert.That(read, Has.Count.EqualTo(1));
        Assert.That(read[1], Is.EqualTo($"SeaBIOS\n{Kernel}one\n"));
    }

    [Test]
    public async Task A_crash_kernel_begins_no_boot_and_has_a_file_of_its_own()
    {
        const string Crash = $"{Kernel}[    0.000000] Command line: elfcorehdr=0x15000000 console=ttyS0\n";
        const string Next = $"{Kernel}[    0.000000] Command line: console=ttyS0 crashkernel=160M\n";
        var read = await ReadAsync($"{Kernel}one\nlast{Crash}two\nSeaBIOS\n{Next}three\n");
        Assert.That(
            read,
            Is.EqualTo(
                new Dictionary<int, string>
                {
                    [1] = $"{Kernel}one\nlast",
                    [-1] = $"{Crash}two\nSeaBIOS\n",
                    [2] = $"{Next}three\n",
                }
            )
        );
    }

    [Test]
    public async Task A_crash_kernel_of_the_second_boot_belongs_to_that()
    {
        const string Crash = $"{Kernel}[    0.000000] Command line: quiet elfcorehdr=0x15000000\n";
        var read = await ReadAsync($"{Kernel}one\n{Kernel}two\n{Crash}three\n{Kernel}");
        Assert.That(read.Keys, Is.EquivalentTo(new[] { 1, 2, -2, 3 }));
        Assert.That(
            (read[2], read[-2], read[3]),
            Is.EqualTo(($"{Kernel}two\n", $"{Crash}three\n", Kernel)),
            "the last one said no more"
        );
    }

    [Test]
    public async Task Only_a_command_line_tells_a_crash_kernel()
    {
        var read = await ReadAsync($"{Kernel}one\n{Kernel}pstorelab: mark elfcorehdr=0x1\n");
        Assert.That(read.Keys, Is.EquivalentTo(new[] { 1, 2 }));
    }

    [TestCase("Linux version 6.1.0-50-amd64\n", "Command line: console=ttyS0\n", 2)]
    [TestCase("[    0.000000][    T0] Linux version 6.1.0-50-amd64\n", "[    0.000000][    T0] Command line: \n", 2)]
    [TestCase("Linux version 6.1.0-50-amd64\n", "root@guest:~# \n", 1)]
    public async Task A_kernel_without_times_or_with_callers_begins_as_well(string first, string second, int boots)
    {
        string kernel = first + second;
        var read = await ReadAsync($"{Kernel}one\n\x1b[2J{kernel}");
        Assert.That(read, Has.Count.EqualTo(boots));
        Assert.That(
            string.Concat(read.OrderBy(boot => boot.Key).Select(boot => boot.Value)),
            Is.EqualTo($"{Kernel}one\n\x1b[2J{kernel}")
        );
    }

    [Test]
    public async Task A_line_without_an_end_is_kept()
    {
        Assert.That((await ReadAsync($"{Kernel}half a li"))[1], Does.EndWith("half a li"));
    }

    [Test]
    public async Task Bytes_are_kept_as_they_came()
    {
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        Assert.That(
            Encoding.Latin1.GetBytes((await ReadAsync(Encoding.Latin1.GetString(bytes)))[1]),
            Is.EqualTo(bytes)
        );
    }

    [Test]
    public async Task A_text_is_waited_for_in_lines_that_come_from_now_on()
    {
        using var folder = new ScratchFolder();
        var pipe = new Pipe();
        var lines = 0;
        await using var log = new ConsoleLog(
            pipe.Reader.AsStream(),
            MachineCatalogue.Default.Architecture,
            new BootNumber(1),
            (boot, captureKernel) => Path.Combine(folder.Path, captureKernel ? $"-{boot}" : $"{boot}"),
            (_, _) => Interlocked.Increment(ref lines),
            (_, _) => { }
        );
        await pipe.Writer.WriteAsync("a panic\n"u8.ToArray());
        await Eventually.Holds("the first line", () => lines == 1);
        var waiting = log.WaitForAsync("panic", CancellationToken.None);
        Assert.That(waiting.IsCompleted, Is.False, "an older line does not count");
        await pipe.Writer.WriteAsync("another pan"u8.ToArray());
        await pipe.Writer.WriteAsync("ic\n"u8.ToArray());
        await waiting.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.That(log.LastLine, Is.EqualTo("another panic"));
        var third = log.WaitForAsync("panic", CancellationToken.None, times: 3, more: 1);
        await pipe.Writer.WriteAsync("panic\nno\npanic\npanic\n"u8.ToArray());
        await Eventually.Holds("the last panic", () => lines == 6);
        Assert.That(third.IsCompleted, Is.False, "no line came behind the third");
        await pipe.Writer.WriteAsync("no\n"u8.ToArray());
        await third.WaitAsync(TimeSpan.FromSeconds(20));
        await pipe.Writer.CompleteAsync();
    }

    [Test]
    public async Task A_console_that_cannot_be_kept_is_told_and_read_to_its_end()
    {
        var faults = new List<string>();
        await using (
            var log = new ConsoleLog(
                new MemoryStream(Encoding.Latin1.GetBytes(new string('x', 5_000_000))),
                MachineCatalogue.Default.Architecture,
                new BootNumber(1),
                (_, _) => "/dev/full",
                (_, _) => { },
                (_, fault) => faults.Add(fault)
            )
        )
        {
            await log.EndedAsync(CancellationToken.None);
        }

        Assert.That(faults, Has.Some.StartsWith("the console cannot be kept: "));
    }

    [TestCase("[    1.0] BUG: unable to handle page fault for address: ffffffffc0000000", true)]
    [TestCase("[    1.0] Oops: 0000 [#1] PREEMPT SMP NOPTI", true)]
    [TestCase("[    1.0] general protection fault, probably for non-canonical address 0xdead: 0000 [#1]", true)]
    [TestCase("[    1.0] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)", true)]
    [TestCase("[    1.0] kernel BUG at mm/slub.c:379!", true)]
    [TestCase("[    1.0] watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [swapper/0:1]", true)]
    [TestCase("[    1.0] INFO: task kworker/0:1:12 blocked for more than 120 seconds.", true)]
    [TestCase("[    1.0] BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 33s!", false)]
    [TestCase("[    1.0] WARNING: CPU: 0 PID: 1 at kernel/locking/lockdep.c:1", false)]
    [TestCase("[    1.0] Kernel command line: oops=panic panic=-1", false)]
    [TestCase("[    1.0] pstore: Registered erst as persistent store backend", false)]
    [TestCase("[    1.0] ERST: Error Record Serialization Table (ERST) support is initialized.", false)]
    public void Lines_that_mean_trouble_are_told_from_those_that_do_not(string line, bool expected)
    {
        Assert.That(ConsoleAlarms.IsTrouble(line, MachineCatalogue.Default.Architecture), Is.EqualTo(expected));
    }

    /// <summary>The files of a console, by boot, when it comes a few bytes at a time.</summary>
    private static async Task<Dictionary<int, string>> ReadAsync(string console)
    {
        using var folder = new ScratchFolder();
        await using (
            var log = new ConsoleLog(
                new Trickle(Encoding.Latin1.GetBytes(console)),
                MachineCatalogue.Default.Architecture,
                new BootNumber(1),
                (boot, captureKernel) => Path.Combine(folder.Path, captureKernel ? $"-{boot}" : $"{boot}"),
                (_, _) => { },
                (_, fault) => Assert.Fail(fault)
            )
        )
            await log.EndedAsync(CancellationToken.None);
        return Directory
            .GetFiles(folder.Path)
            .ToDictionary(
                file => int.Parse(Path.GetFileName(file)),
                file => Encoding.Latin1.GetString(File.ReadAllBytes(file))
            );
    }

    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(7, buffer.Length)], cancellationToken);
    }
}
