using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Remote;

namespace PstoreLab.Harness.Tests.Remote;

public class RemoteTreeTests
{
    [Test]
    public void What_is_no_archive_is_refused([Values(0, 100, 512, 5000)] int length)
    {
        using var stream = new MemoryStream(Enumerable.Repeat((byte)'x', length).ToArray());
        Assert.That(() => RemoteTree.Read(stream), Throws.TypeOf<InfraException>().With.Message.Contains("damaged"));
    }
}
