using PstoreLab.Harness.Guests;

namespace PstoreLab.Harness.Tests.Guests;

/// <summary>What QEMU 7.2 answers to <c>info usernet</c>.</summary>
public class QemuMonitorTests
{
    private const string Listens =
        "Hub -1 (ssh):\r\n  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\r\n"
        + "  TCP[HOST_FORWARD]   3       127.0.0.1 45671       10.0.2.15    22     0     0\r\n";

    [TestCase("", false)]
    [TestCase("  TCP[SYN_SENT]       8       127.0.0.1 45671       10.0.2.15    22     0     0\r\n", true)]
    [TestCase("  TCP[ESTABLISHED]    8       127.0.0.1 45671       10.0.2.15    22     0     0\r\n", true)]
    [TestCase("  TCP[FIN_WAIT_2]     8       127.0.0.1 45671       10.0.2.15    22     0     0\r\n", true)]
    [TestCase("  TCP[TIME_WAIT]      8       127.0.0.1 45671       10.0.2.15    22     0     0\r\n", false)]
    public void A_connection_into_the_guest_is_seen(string line, bool isOpen) =>
        Assert.That(QemuMonitor.HasConnections(Listens + line), Is.EqualTo(isOpen));
}
