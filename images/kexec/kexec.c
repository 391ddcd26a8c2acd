/*
 * kexec KERNEL INITRAMFS COMMAND-LINE
 *
 * Loads the capture kernel, which boots when this kernel panics. Ends with 0, or with the number of the error
 * (errno(3)).
 *
 * The initramfs guest has no libraries, so this program uses none. kexec-tools needs a dozen, libxenctrl among them,
 * which depend on the release of the host.
 */

/* Numbers: arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h. */
#if defined(__x86_64__)
enum { openat = 257, exit_group = 231, kexec_file_load = 320 };

/* System V ABI: the stack has argc, argv[0], argv[1], … */
__asm__(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tcall begin\n");

static long call(long number, long a, long b, long c, long d, long e)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	__asm__ volatile("syscall"
			 : "+a"(number)
			 : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory");
	return number;
}
#elif defined(__aarch64__)
enum { openat = 56, exit_group = 94, kexec_file_load = 294 };

__asm__(".globl _start\n_start:\n\tmov x0, sp\n\tbl begin\n");

static long call(long number, long a, long b, long c, long d, long e)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	__asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
	return x0;
}
#else
#error "There is no system call for this architecture yet."
#endif

enum {
	AT_FDCWD = -100,	 /* include/uapi/linux/fcntl.h */
	O_RDONLY = 0,		 /* include/uapi/asm-generic/fcntl.h */
	KEXEC_FILE_ON_CRASH = 2, /* include/uapi/linux/kexec.h */
	EINVAL = 22,		 /* include/uapi/asm-generic/errno-base.h */
};

static __attribute__((noreturn)) void leave(long status)
{
	for (;;)
		call(exit_group, status, 0, 0, 0, 0);
}

static long checked(long result)
{
	if (result < 0)
		leave(-result);
	return result;
}

static long opened(const char *path)
{
	return checked(call(openat, AT_FDCWD, (long)path, O_RDONLY, 0, 0));
}

__attribute__((noreturn, used)) void begin(long *stack)
{
	char **argument = (char **)(stack + 1);
	long kernel, initramfs, size = 0;

	if (stack[0] != 4)
		leave(EINVAL);
	kernel = opened(argument[1]);
	initramfs = opened(argument[2]);
	/* With the zero at its end. */
	while (argument[3][size++])
		;
	leave(checked(call(kexec_file_load, kernel, initramfs, size, (long)argument[3], KEXEC_FILE_ON_CRASH)));
}
