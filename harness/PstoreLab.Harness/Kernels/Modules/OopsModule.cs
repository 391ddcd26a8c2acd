using System.Buffers.Binary;
using System.Text;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Kernels.Modules;

/// <summary>
/// Makes a kernel module that oopses when it is loaded out of one that the kernel came with. A module must be built
/// for its very kernel (version magic, symbol versions, size of <c>struct module</c>); this one was, and needs no
/// compiler. Its init function is an invalid instruction, its name is another, so that the original can be loaded
/// beside it, and its signature no longer counts, which taints the kernel as any module of one's own does.
/// </summary>
internal static class OopsModule
{
    /// <summary>
    /// The modules it can be made of, the first that a kernel has: small, needing no other. Distributions have the
    /// first, lab kernels the second, which is built for this alone.
    /// </summary>
    public static IReadOnlyList<string> Donors { get; } = ["efi_pstore", "test_udelay"];

    /// <summary>What the kernel calls it.</summary>
    public const string Name = "pstorelab_oops";

    // include/linux/module_signature.h: the kernel looks for it at the very end, and takes a module without it for
    // unsigned.
    private static ReadOnlySpan<byte> SignatureMark => "~Module signature appended~\n"u8;

    /// <summary>The module of a kernel that it can be made of; null where there is none.</summary>
    public static string? DonorOf(Kernel kernel) => Donors.FirstOrDefault(kernel.Modules.ContainsKey);

    /// <param name="donor">The content of the donor's <c>.ko</c>.</param>
    /// <param name="name">What the kernel calls the donor.</param>
    /// <param name="architecture">Of the kernel.</param>
    /// <exception cref="InfraException">The donor is no module for it, or not of the shape that is known
    /// here.</exception>
    public static byte[] From(ReadOnlySpan<byte> donor, string name, IArchitecture architecture)
    {
        var invalid = architecture.InvalidFunction.Span;
        byte[] module = donor.EndsWith(SignatureMark) ? donor[..^SignatureMark.Length].ToArray() : donor.ToArray();
        try
        {
            var elf = new ElfObject(module);
            Rename(elf.Section(".gnu.linkonce.this_module"), name);
            int symbol = elf.Symbol("init_module");
            // Elsewhere than at the function's own beginning, where the loader fills in a call for ftrace.
            int place = elf.FreePlace(symbol, invalid.Length);
            invalid.CopyTo(elf.SectionOf(symbol)[place..]);
            BinaryPrimitives.WriteInt64LittleEndian(module.AsSpan(symbol + ElfObject.SymbolValue), place);
            return module;
        }
        catch (InvalidDataException e)
        {
            throw new InfraException($"the module {name} is not one that an oops can be made of: {e.Message}", e);
        }
    }

    // struct module has its name near the beginning, in a field of 56 bytes (include/linux/module.h, MODULE_NAME_LEN),
    // zeros behind it.
    private static void Rename(Span<byte> module, string old)
    {
        int at = module.IndexOf(Encoding.ASCII.GetBytes(old + "\0"));
        if (at < 0 || module.Length - at < Name.Length)
            throw new InvalidDataException("its name is not where struct module has it");
        module.Slice(at, old.Length).Clear();
        Encoding.ASCII.GetBytes(Name, module[at..]);
    }
}
