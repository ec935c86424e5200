/* System calls and the start of the program, without a C library. Numbers: asm/unistd_64.h, asm-generic/unistd.h. */
#ifndef SYSTEM_H
#define SYSTEM_H

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;
typedef long s64;

#if defined(__x86_64__)
enum {
  SYS_read = 0, SYS_write = 1, SYS_close = 3, SYS_lseek = 8, SYS_mmap = 9, SYS_munmap = 11, SYS_ioctl = 16,
  SYS_pread = 17, SYS_pwrite = 18, SYS_dup3 = 292, SYS_uname = 63, SYS_fcntl = 72, SYS_ftruncate = 77,
  SYS_sync = 162, SYS_mount = 165, SYS_reboot = 169, SYS_openat = 257, SYS_mkdirat = 258, SYS_fallocate = 285,
  SYS_prlimit = 302, SYS_memfd_create = 319, SYS_kexec_file_load = 320, SYS_statx = 332, SYS_nanosleep = 35,
};

static inline s64 system_call(s64 number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f)
{
  register u64 r10 asm("r10") = d;
  register u64 r8 asm("r8") = e;
  register u64 r9 asm("r9") = f;
  s64 result;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}

asm(".globl _start\n_start:\n  xor %ebp, %ebp\n  and $-16, %rsp\n  call run\n");

#elif defined(__aarch64__)
enum {
  SYS_dup3 = 24, SYS_fcntl = 25, SYS_ioctl = 29, SYS_mkdirat = 34, SYS_mount = 40, SYS_ftruncate = 46,
  SYS_fallocate = 47, SYS_openat = 56, SYS_close = 57, SYS_lseek = 62, SYS_read = 63, SYS_write = 64,
  SYS_pread = 67, SYS_pwrite = 68, SYS_sync = 81, SYS_nanosleep = 101, SYS_reboot = 142, SYS_uname = 160,
  SYS_munmap = 215, SYS_mmap = 222, SYS_prlimit = 261, SYS_memfd_create = 279, SYS_statx = 291,
  SYS_kexec_file_load = 294,
};

static inline s64 system_call(s64 number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f)
{
  register u64 x8 asm("x8") = (u64)number;
  register u64 x0 asm("x0") = a;
  register u64 x1 asm("x1") = b;
  register u64 x2 asm("x2") = c;
  register u64 x3 asm("x3") = d;
  register u64 x4 asm("x4") = e;
  register u64 x5 asm("x5") = f;
  asm volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return (s64)x0;
}

asm(".globl _start\n_start:\n  mov x29, #0\n  bl run\n");

#else
#error "x86_64 and aarch64 only"
#endif

#define CALL1(n, a) system_call(n, (u64)(a), 0, 0, 0, 0, 0)
#define CALL2(n, a, b) system_call(n, (u64)(a), (u64)(b), 0, 0, 0, 0)
#define CALL3(n, a, b, c) system_call(n, (u64)(a), (u64)(b), (u64)(c), 0, 0, 0)
#define CALL4(n, a, b, c, d) system_call(n, (u64)(a), (u64)(b), (u64)(c), (u64)(d), 0, 0)
#define CALL5(n, a, b, c, d, e) system_call(n, (u64)(a), (u64)(b), (u64)(c), (u64)(d), (u64)(e), 0)
#define CALL6(n, a, b, c, d, e, f) system_call(n, (u64)(a), (u64)(b), (u64)(c), (u64)(d), (u64)(e), (u64)(f))

enum { O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_CLOEXEC = 02000000, AT_FDCWD = -100 };

/* The compiler calls these for structs that it copies or clears. */
__attribute__((used)) void *memcpy(void *to, const void *from, u64 size)
{
  for (u64 at = 0; at < size; at++) ((volatile u8 *)to)[at] = ((const u8 *)from)[at];
  return to;
}

__attribute__((used)) void *memset(void *to, int value, u64 size)
{
  for (u64 at = 0; at < size; at++) ((volatile u8 *)to)[at] = (u8)value;
  return to;
}

static inline s64 open_file(const char *path, int flags) { return CALL4(SYS_openat, AT_FDCWD, path, flags, 0); }
static inline s64 close_file(s64 file) { return CALL1(SYS_close, file); }

#endif
