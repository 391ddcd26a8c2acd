/*
 * replay ANSWERS rebind DRIVER-FOLDER DEVICE
 * replay ANSWERS reload DISK MODULE-NAME MODULE-FILE PARAMETERS
 *
 * Has the kernel read a store again and again without a boot, and hands over all that it shows of it. ANSWERS is the
 * memory of a device that the host has too (the resource2 of an ivshmem-plain). Each time the host raises the request
 * number there, the backend is taken away and given back: its driver is unbound and bound, or its module unloaded and
 * loaded, with what the kernel keeps of a disk (- for none) thrown away in between. What then is in /sys/fs/pstore, and
 * what the kernel says, is written behind the numbers. Request number 0xffffffff ends it with 0; anything that cannot be
 * done at the beginning, with the number of the error (errno(3)).
 *
 * The initramfs guest has no libraries, so this program uses none. Each process costs a guest under emulation as much as
 * the reading itself, so it starts none.
 */

/* Numbers: arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h. */
#if defined(__x86_64__)
enum {
	read_ = 0, write_ = 1, close_ = 3, lseek_ = 8, mmap_ = 9, ioctl_ = 16, nanosleep_ = 35, delete_module = 176,
	getdents64 = 217, exit_group = 231, openat = 257, finit_module = 313,
};

__asm__(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tcall begin\n");

static long call(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	__asm__ volatile("syscall"
			 : "+a"(number)
			 : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return number;
}
#elif defined(__aarch64__)
enum {
	openat = 56, close_ = 57, getdents64 = 61, lseek_ = 62, read_ = 63, write_ = 64, ioctl_ = 29, exit_group = 94,
	nanosleep_ = 101, delete_module = 106, mmap_ = 222, finit_module = 273,
};

__asm__(".globl _start\n_start:\n\tmov x0, sp\n\tbl begin\n");

static long call(long number, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;
	__asm__ volatile("svc #0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
}
#else
#error "There is no system call for this architecture yet."
#endif

enum {
	AT_FDCWD = -100,     /* include/uapi/linux/fcntl.h */
	O_RDONLY = 0,	     /* include/uapi/asm-generic/fcntl.h */
	O_WRONLY = 1,
	O_RDWR = 2,
	O_NONBLOCK = 04000,
	SEEK_END = 2,
	PROT_READ_WRITE = 3, /* include/uapi/asm-generic/mman-common.h */
	MAP_SHARED = 1,
	BLKFLSBUF = 0x1261,  /* include/uapi/linux/fs.h */
	EINVAL = 22,	     /* include/uapi/asm-generic/errno-base.h */
	EPIPE = 32,
	ENOSPC = 28,

	/* Both ends know these: Replays/ReplayAnswers.cs. */
	SIZE = 16 << 20,
	CONTENT = 4096,
	END = -1,
};

struct answers {
	volatile unsigned request, answer, error, length;
};

struct entry {
	unsigned long inode, offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

static unsigned char *content;
static unsigned long filled;
static char entries[1 << 16];

static __attribute__((noreturn)) void leave(long status)
{
	for (;;)
		call(exit_group, status, 0, 0, 0, 0, 0);
}

static long checked(long result)
{
	if (result < 0)
		leave(-result);
	return result;
}

static long opened(const char *path, long flags)
{
	return call(openat, AT_FDCWD, (long)path, flags, 0, 0, 0);
}

static unsigned long length(const char *text)
{
	unsigned long n = 0;

	while (text[n])
		n++;
	return n;
}

static long say(const char *path, const char *text)
{
	long file = opened(path, O_WRONLY), result;

	if (file < 0)
		return file;
	result = call(write_, file, (long)text, length(text), 0, 0, 0);
	call(close_, file, 0, 0, 0, 0, 0);
	return result < 0 ? result : 0;
}

static const char *joined(const char *folder, const char *name)
{
	static char path[512];
	unsigned long n = 0;

	while (*folder && n < sizeof(path) - 2)
		path[n++] = *folder++;
	path[n++] = '/';
	while (*name && n < sizeof(path) - 1)
		path[n++] = *name++;
	path[n] = 0;
	return path;
}

static void number(unsigned value, unsigned long at)
{
	*(volatile unsigned *)(content + at) = value;
}

/* An entry is the length of its name, that of what follows, then both, with the next one at a multiple of 4. */
static long begin_entry(const char *name)
{
	unsigned long n = length(name), i;

	if (filled + 8 + n > SIZE - CONTENT)
		return -ENOSPC;
	number(n, filled);
	for (i = 0; i < n; i++)
		content[filled + 8 + i] = name[i];
	return n;
}

static void end_entry(unsigned long name, unsigned long size)
{
	number(size, filled + 4);
	filled += (8 + name + size + 3) & ~3ul;
}

/* A read of less than there is room for says nothing of the end: an ftrace file comes line by line. */
static long take(const char *name, long file)
{
	long n = begin_entry(name), size = 0, got;

	if (n < 0)
		return n;
	do {
		unsigned long room = SIZE - CONTENT - filled - 8 - n - size;

		if (room == 0)
			return -ENOSPC;
		got = call(read_, file, (long)(content + filled + 8 + n + size), room, 0, 0, 0);
		if (got < 0)
			return got;
		size += got;
	} while (got);
	end_entry(n, size);
	return 0;
}

static long take_file(const char *name, const char *path)
{
	long file = opened(path, O_RDONLY), result;

	if (file < 0)
		return file;
	result = take(name, file);
	call(close_, file, 0, 0, 0, 0, 0);
	return result;
}

static long take_records(void)
{
	long folder = opened("/sys/fs/pstore", O_RDONLY), got, result = 0;

	if (folder < 0)
		return folder;
	while (!result && (got = call(getdents64, folder, (long)entries, sizeof(entries), 0, 0, 0)) > 0) {
		for (long at = 0; at < got && !result; at += ((struct entry *)(entries + at))->length) {
			struct entry *one = (struct entry *)(entries + at);

			if (one->name[0] != '.')
				result = take_file(one->name, joined("/sys/fs/pstore", one->name));
		}
	}
	call(close_, folder, 0, 0, 0, 0, 0);
	return result ? result : got;
}

/* Each read of /dev/kmsg is one record; one of EPIPE says that some were lost before it was read. */
static long take_messages(long kmsg)
{
	long n = begin_entry("kmsg"), size = 0, got;

	if (n < 0)
		return n;
	for (;;) {
		unsigned long room = SIZE - CONTENT - filled - 8 - n - size;

		if (room < 8192)
			return -ENOSPC;
		got = call(read_, kmsg, (long)(content + filled + 8 + n + size), room, 0, 0, 0);
		if (got == -EPIPE)
			return got;
		if (got < 0)
			break;
		size += got;
	}
	end_entry(n, size);
	return 0;
}

static long read_again(char **how)
{
	long result, file;

	if (how[0][2] == 'b') {
		result = say(joined(how[1], "unbind"), how[2]);
		return result ? result : say(joined(how[1], "bind"), how[2]);
	}
	result = call(delete_module, (long)how[2], O_NONBLOCK, 0, 0, 0, 0);
	if (result)
		return result;
	if (how[1][0] != '-') {
		file = opened(how[1], O_RDONLY);
		if (file < 0)
			return file;
		call(ioctl_, file, BLKFLSBUF, 0, 0, 0, 0);
		call(close_, file, 0, 0, 0, 0, 0);
	}
	file = opened(how[3], O_RDONLY);
	if (file < 0)
		return file;
	result = call(finit_module, file, (long)how[4], 0, 0, 0, 0);
	call(close_, file, 0, 0, 0, 0, 0);
	return result;
}

__attribute__((noreturn, used)) void begin(long *stack)
{
	char **argument = (char **)(stack + 1);
	long shared, kmsg, result, pause[2] = { 0, 50000 };
	struct answers *answers;
	unsigned last;

	if (stack[0] != 5 && stack[0] != 7)
		leave(EINVAL);
	shared = checked(opened(argument[1], O_RDWR));
	answers = (struct answers *)checked(call(mmap_, 0, SIZE, PROT_READ_WRITE, MAP_SHARED, shared, 0));
	content = (unsigned char *)answers + CONTENT;
	kmsg = checked(opened("/dev/kmsg", O_RDONLY | O_NONBLOCK));
	checked(call(lseek_, kmsg, 0, SEEK_END, 0, 0, 0));
	last = answers->answer;
	for (;;) {
		unsigned request = answers->request;

		if (request == (unsigned)END)
			leave(0);
		if (request == last) {
			call(nanosleep_, (long)pause, 0, 0, 0, 0, 0);
			continue;
		}
		filled = 0;
		result = read_again(argument + 2);
		if (!result)
			result = take_file("backend", "/sys/module/pstore/parameters/backend");
		if (!result)
			result = take_records();
		answers->error = -result;
		result = take_messages(kmsg);
		if (result && !answers->error)
			answers->error = -result;
		answers->length = filled;
		__sync_synchronize();
		answers->answer = last = request;
	}
}
