using System.Buffers.Binary;

namespace PstoreLab.Harness.Initramfs;

/// <summary>
/// A program for the guest that loads a crash kernel: <c>kexec KERNEL INITRAMFS COMMAND-LINE</c>. One system call is
/// all there is to it, for which kexec-tools would bring a dozen libraries along that depend on the release. Ends with
/// 0, or with the number of the error (errno(3)).
/// </summary>
internal static class KexecProgram
{
    private const int HeaderSize = 64 + 56;
    private const long Address = 0x400000;

    // System V ABI, x86-64: at the entry the stack has argc, argv[0], argv[1], …; kexec_file_load(2), with
    // KEXEC_FILE_ON_CRASH of include/uapi/linux/kexec.h; numbers of system calls from
    // arch/x86/entry/syscalls/syscall_64.tbl.
    private static ReadOnlySpan<byte> Code =>
        [
            0x48,
            0x8b,
            0x7c,
            0x24,
            0x10, //         mov  rdi, [rsp+16]      argv[1], the kernel
            0xe8,
            0x39,
            0x00,
            0x00,
            0x00, //         call open
            0x41,
            0x89,
            0xc4, //         mov  r12d, eax
            0x48,
            0x8b,
            0x7c,
            0x24,
            0x18, //         mov  rdi, [rsp+24]      argv[2], the initramfs
            0xe8,
            0x2c,
            0x00,
            0x00,
            0x00, //         call open
            0x89,
            0xc6, //         mov  esi, eax           initrd_fd
            0x44,
            0x89,
            0xe7, //         mov  edi, r12d          kernel_fd
            0x4c,
            0x8b,
            0x54,
            0x24,
            0x20, //         mov  r10, [rsp+32]      argv[3], the command line
            0x31,
            0xd2, //         xor  edx, edx
            0xff,
            0xc2, // length: inc  edx                its length, with the zero at its end
            0x41,
            0x80,
            0x7c,
            0x12,
            0xff,
            0x00, //         cmp  byte [r10+rdx-1], 0
            0x75,
            0xf6, //         jne  length
            0x6a,
            0x02, //         push 2                  KEXEC_FILE_ON_CRASH
            0x41,
            0x58, //         pop  r8
            0xb8,
            0x40,
            0x01,
            0x00,
            0x00, //         mov  eax, 320           kexec_file_load
            0x0f,
            0x05, //         syscall
            0xf7,
            0xd8, //         neg  eax
            0x89,
            0xc7, // exit:   mov  edi, eax
            0xb8,
            0x3c,
            0x00,
            0x00,
            0x00, //         mov  eax, 60            exit
            0x0f,
            0x05, //         syscall
            0x31,
            0xf6, // open:   xor  esi, esi           O_RDONLY
            0x6a,
            0x02, //         push 2                  open
            0x58, //         pop  rax
            0x0f,
            0x05, //         syscall
            0xf7,
            0xd8, //         neg  eax
            0x7f,
            0xec, //         jg   exit
            0xf7,
            0xd8, //         neg  eax
            0xc3, //         ret
        ];

    /// <summary>
    /// The whole file: an ELF header, one program header (elf(5)) and the code, loaded as they stand.
    /// </summary>
    public static byte[] Build()
    {
        byte[] file = new byte[HeaderSize + Code.Length];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(file);
        Short(16, 2); // ET_EXEC
        Short(18, 62); // EM_X86_64
        Int(20, 1); // EV_CURRENT
        Long(24, Address + HeaderSize); // e_entry
        Long(32, 64); // e_phoff
        Short(52, 64); // e_ehsize
        Short(54, 56); // e_phentsize
        Short(56, 1); // e_phnum
        Int(64, 1); // PT_LOAD
        Int(68, 5); // readable and executable
        Long(80, Address); // p_vaddr
        Long(88, Address); // p_paddr
        Long(96, file.Length); // p_filesz
        Long(104, file.Length); // p_memsz
        Long(112, 0x1000); // p_align
        Code.CopyTo(file.AsSpan(HeaderSize));
        return file;

        void Short(int at, short value) => BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(at), value);
        void Int(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        void Long(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(at), value);
    }
}
