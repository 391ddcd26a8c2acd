using PstoreLab.Records.Efi;

namespace PstoreLab.Records.Tests.Efi;

/// <summary>Records as files of efivarfs.</summary>
public class EfiDumpVariableTests
{
    private const string Guid = "cfc8fc79-be2e-4ddc-97f0-9f98bfe298a0";

    [TestCase("dump-type0-3-2-1730000000-C", "dmesg-efi_pstore-173000000003002.enc.z")]
    [TestCase("dump-type0-3-2-1730000000-D", "dmesg-efi_pstore-173000000003002")]
    [TestCase("dump-type0-3-2-1730000000", "dmesg-efi_pstore-173000000003002")]
    [TestCase("dump-type0-3-1730000000", "dmesg-efi_pstore-173000000003000")]
    public void It_has_the_name_that_pstore_gives_it(string variable, string name)
    {
        byte[] content = [7, 0, 0, 0, .. "text"u8];
        foreach (string guid in (string[])[Guid, Guid.ToUpperInvariant()])
        {
            var record = EfiDumpVariable.OfFile($"{variable}-{guid}", content)!;
            Assert.That(record.Name.ToString(), Is.EqualTo(name));
            Assert.That(record.Payload.ToArray(), Is.EqualTo("text"u8.ToArray()));
        }
    }

    [Test]
    public void A_copy_without_the_attributes_is_read_too()
    {
        foreach (string text in (string[])["Panic#1 Part1\n", "", "abc"])
        {
            foreach (string name in (string[])[$"-{Guid}", $"_{Guid.ToUpperInvariant()}_NV+BS+RT_0.bin"])
                Assert.That(
                    EfiDumpVariable
                        .OfFile($"dump-type0-1-1-1730000000-D{name}", RecordText.ToBytes(text))!
                        .Payload.ToArray(),
                    Is.EqualTo(RecordText.ToBytes(text))
                );
        }
    }

    [TestCase("dump-type0-1-1-1730000000-C")]
    [TestCase("BootOrder-cfc8fc79-be2e-4ddc-97f0-9f98bfe298a0")]
    [TestCase("dump-type0-1-1-1730000000-C-8be4df61-93ca-11d2-aa0d-00e098032b8c")]
    [TestCase("cfc8fc79-be2e-4ddc-97f0-9f98bfe298a0")]
    public void Another_file_is_none(string name) => Assert.That(EfiDumpVariable.OfFile(name, new byte[9]), Is.Null);
}
