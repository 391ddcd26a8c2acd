using System.Net.Sockets;
using PstoreLab.FakeQemu;
using Monitor = PstoreLab.FakeQemu.Monitor;

var arguments = new Arguments(args);
var script = FakeScript.Read(arguments.Kernel);
var boot = script.Next();
if (boot.Fault == FakeFault.EndsAtOnce)
{
    Console.Error.WriteLine(
        "qemu-system-x86_64: -device acpi-erst,memdev=erst: 'acpi-erst' is not a valid device model name"
    );
    return 1;
}

if (boot.Fault == FakeFault.EndsWithManyWords)
{
    Console.Error.Write(new string('x', 8 << 20) + " the last words\n");
    return 1;
}

if (boot.Fault == FakeFault.NeverDials)
    await Task.Delay(Timeout.Infinite);
using var agent = new AgentPort(await DialAsync("agent"));
using var monitor = new Monitor(await DialAsync("qmp"));
if (boot.Fault == FakeFault.EndsAfterDialling)
{
    Console.Error.WriteLine("qemu: could not load kernel 'debian-6.1.vmlinux'");
    return 1;
}

if (boot.Fault == FakeFault.LeavesTheMonitor)
{
    monitor.Dispose();
    File.WriteAllText(arguments.Console, "the monitor is left\n");
    await Task.Delay(Timeout.Infinite);
}

RecordStore.Realize();
_ = monitor.ServeAsync();

// QEMU has long begun when the guest says its first word.
await monitor.NegotiatedAsync;
if (arguments.IsIncoming && !await monitor.RestoredAsync)
{
    Console.Error.WriteLine("qemu-system-x86_64: load of migration failed: Invalid argument");
    return 1;
}

using var console = new FileStream(arguments.Console, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
while (await new Guest(boot, arguments, console, agent).RunAsync())
{
    if (arguments.ExitsOnReset)
    {
        monitor.Event("SHUTDOWN", """{"guest": true, "reason": "guest-reset"}""");
        return 0;
    }

    bool twice = boot.Fault == FakeFault.ResetsTwice;
    if (monitor.HoldsReset)
    {
        await monitor.HoldAsync();
        boot = Begin();
    }
    else
    {
        // Who listens may be late by any time.
        boot = Begin();
        monitor.Event("RESET", """{"guest": true, "reason": "guest-reset"}""");
    }

    if (twice)
        monitor.Event("RESET", """{"guest": true, "reason": "guest-reset"}""");
}

return 0;

FakeBoot Begin()
{
    var next = script.Next();
    if (next.Fault == FakeFault.ErasesTheStoreFirst)
        RecordStore.EraseAll();
    return next;
}

async Task<NetworkStream> DialAsync(string id)
{
    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    await socket.ConnectAsync(new UnixDomainSocketEndPoint("\0" + arguments.Channel(id)));
    return new NetworkStream(socket, ownsSocket: true);
}

/// <summary>The fake itself.</summary>
internal static partial class Program
{
    /// <summary>Ends as a crashed QEMU does: without a word.</summary>
    public static void KillSelf()
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        self.Kill();
    }
}
