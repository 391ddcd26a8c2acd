namespace PstoreLab.Cli.Tests.Decoding;

/// <summary>Records whose place their names alone tell.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PartsByNameTests
{
    [TestCase("dmesg-efi-{0}", 168263062300014, 1000, "dmesg-efi-168263062313014 to dmesg-efi-168263062300014")]
    [TestCase(
        "dmesg-erst-{0}",
        7163286974713823200,
        1,
        "dmesg-erst-7163286974713823213 to dmesg-erst-7163286974713823200"
    )]
    [TestCase("dmesg-erst-{0:d16}", 0, 1, "dmesg-erst-0000000000000013 to dmesg-erst-0000000000000000")]
    public async Task They_make_one_dump_and_that_is_said(string format, long first, long step, string names)
    {
        using var folder = new StoreFolder();
        for (int part = 0; part < 14; part++)
            folder.Write(string.Format(format, first + (part * step)), [.. "line "u8, (byte)('n' - part), (byte)'\n']);
        Assert.That(
            await CommandRun.OutputAsync(folder.Root, "decode", "."),
            Does.EndWith(
                $"──── a dump without a header, 14 parts, put together by the names alone, {names}\n"
                    + string.Concat("abcdefghijklmn".Select(letter => $"line {letter}\n"))
            )
        );
    }

    [Test]
    public async Task A_part_with_a_damaged_first_line_is_put_among_the_others()
    {
        using var folder = new StoreFolder();
        folder.Write("dmesg-efi_pstore-170000000001001", "Panic#1 Part1\nend\n"u8.ToArray());
        folder.Write("dmesg-efi_pstore-170000000002001", "Pan\0c#1 Part2\nmiddle\n"u8.ToArray());
        folder.Write("dmesg-efi_pstore-170000000003001", "Panic#1 Part#3\nbeginning\n"u8.ToArray());
        Assert.That(
            await CommandRun.OutputAsync(folder.Root, "decode", "."),
            Does.EndWith(
                "──── Panic#1, 3 parts, 2 of them in place by the name alone, dmesg-efi_pstore-170000000003001 to "
                    + "dmesg-efi_pstore-170000000001001\nPanic#1 Part#3\nbeginning\nPan\\x00c#1 Part2\nmiddle\nend\n"
            )
        );
        Assert.That(
            await CommandRun.OutputAsync(folder.Root, "decode", ".", "--json"),
            Does.Contain("\"partsByName\": 2")
        );
    }
}
