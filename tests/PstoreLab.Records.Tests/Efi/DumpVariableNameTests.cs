using PstoreLab.Records.Efi;

namespace PstoreLab.Records.Tests.Efi;

public class DumpVariableNameTests
{
    [TestCase("dump-type0-1-1-1795303139-C", 0u, 1u, 1, 1795303139ul, 'C', 179530313901001ul)]
    [TestCase("dump-type7-12-3-1795303139-D", 7u, 12u, 3, 1795303139ul, 'D', 179530313912003ul)]
    [TestCase("dump-type0-1-1-1795303139", 0u, 1u, 1, 1795303139ul, null, 179530313901001ul)]
    [TestCase("dump-type0-4-1795303139", 0u, 4u, null, 1795303139ul, null, 179530313904000ul)]
    [TestCase("dump-type0-100-1-1795303139-C", 0u, 100u, 1, 1795303139ul, 'C', 179530314000001ul)]
    [TestCase("dump-type0-1--1-5-C", 0u, 1u, -1, 5ul, 'C', 500999ul)]
    [TestCase("dump-type0-1-1-5-Z", 0u, 1u, 1, 5ul, 'Z', 501001ul)]
    [TestCase("dump-type0-1-1-5-", 0u, 1u, 1, 5ul, null, 501001ul)]
    [TestCase("dump-type0-1-1-5-C and more", 0u, 1u, 1, 5ul, 'C', 501001ul)]
    [TestCase("dump-type0-1-1-5x", 0u, 1u, 1, 5ul, null, 501001ul)]
    [TestCase("dump-type 0- 1- 1- 5-C", 0u, 1u, 1, 5ul, 'C', 501001ul)]
    [TestCase("dump-type4294967296-4294967297-1-5-C", 0u, 1u, 1, 5ul, 'C', 501001ul)]
    public void Every_form_that_a_kernel_reads_is_read(
        string text,
        uint type,
        uint part,
        int? count,
        ulong seconds,
        char? flag,
        ulong id
    )
    {
        Assert.That(DumpVariableName.TryParse(text, out var name));
        Assert.That(name, Is.EqualTo(new DumpVariableName(type, part, count, seconds, flag)));
        Assert.That(name!.Id, Is.EqualTo(id));
        Assert.That(name.Compressed, Is.EqualTo(flag == 'C'));
    }

    [TestCase("")]
    [TestCase("dump-type")]
    [TestCase("dump-type0")]
    [TestCase("dump-type0-1")]
    [TestCase("dump-type0-1-")]
    [TestCase("dump-type0-1--5")]
    [TestCase("dump-type-1-1-1-5-C")]
    [TestCase("dump-typeX-1-1-5-C")]
    [TestCase(" dump-type0-1-1-5-C")]
    [TestCase("Dump-type0-1-1-5-C")]
    [TestCase("dump-type0_1-1-5-C")]
    public void Nothing_else_is_a_name(string text) => Assert.That(DumpVariableName.TryParse(text, out _), Is.False);

    [TestCase("dump-type0-1-1-1795303139-C")]
    [TestCase("dump-type8-1--2147483648-18446744073709551615")]
    [TestCase("dump-type0-4294967295-1795303139")]
    public void A_name_is_written_as_it_was_read(string text)
    {
        Assert.That(DumpVariableName.TryParse(text, out var name));
        Assert.That(name!.ToString(), Is.EqualTo(text));
    }

    [TestCase(0u, "dmesg")]
    [TestCase(1u, "mce")]
    [TestCase(7u, "pmsg")]
    [TestCase(8u, "powerpc-opal")]
    [TestCase(9u, "unknown")]
    public void A_type_has_the_name_that_pstore_has_for_its_number(uint number, string type) =>
        Assert.That(new DumpVariableName(number, 1, 1, 1, 'D').Type, Is.EqualTo(type));
}
