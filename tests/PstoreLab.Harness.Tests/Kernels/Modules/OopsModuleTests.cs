using System.Buffers.Binary;
using System.Text;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Kernels.Modules;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Tests.Scenarios;

namespace PstoreLab.Harness.Tests.Kernels.Modules;

/// <summary>A module that oopses, made of a synthetic one and of those that kernels really have.</summary>
public class OopsModuleTests
{
    private static readonly byte[] Invalid = [0xf3, 0x0f, 0x1e, 0xfa, 0x0f, 0x0b];

    public static IEnumerable<string> RealModules
    {
        get
        {
            var cache = Path.Combine(ScenarioBench.Root, "images", ".cache", "kernels");
            string[] found = Directory.Exists(cache)
                ?
                [
                    .. Directory
                        .EnumerateFiles(cache, "efi_pstore.ko", SearchOption.AllDirectories)
                        .Select(path => Path.GetRelativePath(cache, path))
                        .Order(),
                ]
                : [];
            return found.Length > 0 ? found : [""];
        }
    }

    [TestCase("ramoops efi_pstore test_udelay", "efi_pstore")]
    [TestCase("ramoops test_udelay", "test_udelay")]
    [TestCase("ramoops", null)]
    [TestCase("", null)]
    public void It_is_made_of_the_first_module_it_can_be_made_of(string modules, string? expected)
    {
        var all = modules.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(name => name);
        Assert.That(OopsModule.DonorOf(new Kernel("k", "1", "1", "", "", "", all)), Is.EqualTo(expected));
    }

    [Test]
    public void The_copy_of_another_donor_has_another_name_too()
    {
        var module = OopsModule.From(
            new ModuleObject { ModuleName = "a_donor_with_a_long_name" }.Bytes,
            "a_donor_with_a_long_name",
            MachineCatalogue.Default.Architecture
        );
        var name = new ElfObject(module).Section(".gnu.linkonce.this_module")[ModuleObject.NameOffset..];
        Assert.That(
            Encoding.ASCII.GetString(name[..56]).TrimEnd('\0'),
            Is.EqualTo("pstorelab_oops"),
            "and nothing of the old one behind it"
        );
    }

    [Test]
    public void The_copy_has_another_name()
    {
        var module = OopsModule.From(new ModuleObject().Bytes, "efi_pstore", MachineCatalogue.Default.Architecture);
        var name = new ElfObject(module).Section(".gnu.linkonce.this_module")[ModuleObject.NameOffset..];
        Assert.That(Encoding.ASCII.GetString(name[..56]).TrimEnd('\0'), Is.EqualTo("pstorelab_oops"));
    }

    [TestCase(new int[0], 0)]
    [TestCase(new[] { 1 }, 5)]
    [TestCase(new[] { 9 }, 0)]
    [TestCase(new[] { 8 }, 12)]
    [TestCase(new[] { 1, 13 }, 17)]
    [TestCase(new[] { 1, 14 }, 5)]
    [TestCase(new[] { 1, 9, 17, 25 }, 29)]
    [TestCase(new[] { -3 }, 1)]
    [TestCase(new[] { -4 }, 0)]
    public void The_init_function_begins_with_an_invalid_instruction_beside_all_relocations(
        int[] relocations,
        int expected
    )
    {
        var donor = new ModuleObject { Relocations = relocations };
        var module = OopsModule.From(donor.Bytes, "efi_pstore", MachineCatalogue.Default.Architecture);
        var elf = new ElfObject(module);
        var symbol = elf.Symbol("init_module");
        var place = (int)BinaryPrimitives.ReadInt64LittleEndian(module.AsSpan(symbol + ElfObject.SymbolValue));
        Assert.That(place, Is.EqualTo(ModuleObject.InitOffset + expected), "the symbol points to it");
        Assert.That(elf.SectionOf(symbol).Slice(place, Invalid.Length).ToArray(), Is.EqualTo(Invalid));
        foreach (var at in relocations.Select(at => at + ModuleObject.InitOffset))
            Assert.That(
                at + 4 <= place || at - 3 >= place + Invalid.Length,
                $"the relocation at {at} is apart from {place}"
            );
    }

    [Test]
    public void Nothing_else_of_the_module_is_another()
    {
        var donor = new ModuleObject { Relocations = [1] };
        var before = donor.Bytes;
        var after = OopsModule.From(before, "efi_pstore", MachineCatalogue.Default.Architecture);
        var elf = new ElfObject(before);
        var symbol = elf.Symbol("init_module");
        elf.Section(".gnu.linkonce.this_module").Slice(ModuleObject.NameOffset, 56).Fill(0xee);
        elf.SectionOf(symbol).Slice(ModuleObject.InitOffset + 5, Invalid.Length).Fill(0xee);
        before.AsSpan(symbol + ElfObject.SymbolValue, 8).Fill(0xee);
        Assert.That(after, Has.Length.EqualTo(before.Length));
        Assert.That(
            Enumerable.Range(0, before.Length).Where(at => before[at] != 0xee && before[at] != after[at]),
            Is.Empty
        );
    }

    [Test]
    public void A_signature_does_not_count_any_more()
    {
        var signed = OopsModule.From(
            [.. new ModuleObject().Bytes, .. "PKCS#7~Module signature appended~\n"u8],
            "efi_pstore",
            MachineCatalogue.Default.Architecture
        );
        Assert.That(signed.AsSpan().EndsWith("~Module signature appended~\n"u8), Is.False);
        Assert.That(signed.AsSpan().EndsWith("PKCS#7"u8));
    }

    public static IEnumerable<TestCaseData<byte[]>> NoModules =>
        [
            Named("nothing", []),
            Named("a text", "not a module at all"u8.ToArray()),
            Named("32 bits", [0x7f, (byte)'E', (byte)'L', (byte)'F', 1, 1, .. new byte[100]]),
            Named("only the magic", [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]),
            Named("a module of nothing but its description", Synthetic.Module("")),
            Named("cut short", new ModuleObject().Bytes[..200]),
            Named("without its last section headers", new ModuleObject().Bytes[..^100]),
            Named("with another name", new ModuleObject { ModuleName = "erst_dbg" }.Bytes),
            Named("without an init function", new ModuleObject { Symbol = "cleanup_module" }.Bytes),
            Named(
                "full of relocations",
                new ModuleObject { Relocations = [.. Enumerable.Range(0, 40).Select(i => i * 4)] }.Bytes
            ),
            Named(
                "all ones behind the magic",
                [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, .. Enumerable.Repeat((byte)0xff, 500)]
            ),
        ];

    [TestCaseSource(nameof(NoModules))]
    public void A_file_of_another_shape_is_refused(byte[] file) =>
        Assert.That(
            () => OopsModule.From(file, "efi_pstore", MachineCatalogue.Default.Architecture),
            Throws
                .TypeOf<InfraException>()
                .With.Message.StartsWith("the module efi_pstore is not one that an oops can be made of: ")
        );

    [Test]
    public void A_module_that_is_cut_anywhere_is_refused()
    {
        var whole = new ModuleObject { Relocations = [1] }.Bytes;
        Assert.That(Refused(whole), Is.False);
        Assert.That(Enumerable.Range(0, whole.Length).Where(length => !Refused(whole[..length])), Is.Empty);
    }

    [Test]
    public void A_damaged_module_is_refused_or_used_and_never_another_exception()
    {
        var random = new Random(1);
        var whole = new ModuleObject { Relocations = [1] }.Bytes;
        var refused = Enumerable
            .Range(0, 5_000)
            .Count(_ =>
            {
                byte[] damaged = [.. whole];
                for (int hit = 0; hit < 3; hit++)
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                return Refused(damaged);
            });
        Assert.That(refused, Is.InRange(500, 4_500), "some of either kind");
    }

    [TestCaseSource(nameof(RealModules))]
    public void Every_module_of_the_cache_will_do(string path)
    {
        if (path.Length == 0)
            Assert.Ignore("no kernel is in the cache");
        var before = File.ReadAllBytes(Path.Combine(ScenarioBench.Root, "images", ".cache", "kernels", path));
        var after = OopsModule.From(before, "efi_pstore", MachineCatalogue.Default.Architecture);
        var elf = new ElfObject(after);
        var symbol = elf.Symbol("init_module");
        var place = (int)BinaryPrimitives.ReadInt64LittleEndian(after.AsSpan(symbol + ElfObject.SymbolValue));
        Assert.That(elf.SectionOf(symbol).Slice(place, Invalid.Length).ToArray(), Is.EqualTo(Invalid));
        Assert.That(elf.Section(".gnu.linkonce.this_module").IndexOf("pstorelab_oops\0"u8), Is.GreaterThan(0));
        Assert.That(elf.Section(".gnu.linkonce.this_module").IndexOf("efi_pstore\0"u8), Is.Negative);
        Assert.That(
            Enumerable.Range(0, after.Length).Count(at => before[at] != after[at]),
            Is.LessThanOrEqualTo(Invalid.Length + "pstorelab_oops".Length + 8)
        );
    }

    private static bool Refused(byte[] file)
    {
        try
        {
            OopsModule.From(file, "efi_pstore", MachineCatalogue.Default.Architecture);
            return false;
        }
        catch (InfraException)
        {
            return true;
        }
    }

    private static TestCaseData<byte[]> Named(string name, byte[] file) =>
        new TestCaseData<byte[]>(file).SetArgDisplayNames(name);

    /// <summary>As little of a kernel module as its loader looks at.</summary>
    private sealed class ModuleObject
    {
        public const int InitOffset = 16;
        public const int NameOffset = 24;

        private const int InitLength = 64;
        private const int SectionSize = 64;

        private readonly List<byte> _file = [];
        private readonly List<byte[]> _headers = [];
        private readonly List<byte> _names = [];

        /// <summary>Offsets from the init function at which the loader writes an address.</summary>
        public int[] Relocations { get; init; } = [];

        public string ModuleName { get; init; } = "efi_pstore";

        public string Symbol { get; init; } = "init_module";

        public byte[] Bytes
        {
            get
            {
                _file.Clear();
                _file.AddRange(new byte[64]);
                _headers.Clear();
                _names.Clear();
                Section("", 0, [], 0, 0);
                Section(".init.text", 1, [.. Enumerable.Repeat((byte)0x90, InitOffset + InitLength)], 0, 0);
                Section(".rela.init.text", 4, [.. Relocations.SelectMany(at => Entry(at + InitOffset))], 0, info: 1);
                // Those of another section are of no account.
                Section(".rela.data", 4, Entry(InitOffset), 0, info: 4);
                var self = new byte[256];
                Encoding.ASCII.GetBytes(ModuleName).CopyTo(self, NameOffset);
                Section(".gnu.linkonce.this_module", 1, self, 0, 0);
                Section(".symtab", 2, [.. new byte[24], .. SymbolEntry(1)], link: 6, 0);
                Section(".strtab", 3, [0, .. Encoding.ASCII.GetBytes(Symbol), 0], 0, 0);
                Section(".shstrtab", 3, [.. _names, .. ".shstrtab\0"u8], 0, 0);
                var table = _file.Count;
                byte[] bytes = [.. _file, .. _headers.SelectMany(header => header)];
                new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(bytes, 0);
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(40), table);
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(58), SectionSize);
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(60), (ushort)_headers.Count);
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(62), (ushort)(_headers.Count - 1));
                return bytes;
            }
        }

        private static byte[] Entry(long offset) => [.. BitConverter.GetBytes(offset), .. new byte[16]];

        private static byte[] SymbolEntry(int name)
        {
            var entry = new byte[24];
            BinaryPrimitives.WriteInt32LittleEndian(entry, name);
            entry[6] = 1;
            BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(8), InitOffset);
            return entry;
        }

        private void Section(string name, int type, byte[] content, int link, int info)
        {
            var header = new byte[SectionSize];
            BinaryPrimitives.WriteInt32LittleEndian(header, _names.Count);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), type);
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(24), _file.Count);
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(32), content.Length);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), link);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(44), info);
            _headers.Add(header);
            _names.AddRange(Encoding.ASCII.GetBytes(name + "\0"));
            _file.AddRange(content);
        }
    }
}
