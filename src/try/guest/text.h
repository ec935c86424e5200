/* Text out to the kernel's log, where a line is never mixed with one of the kernel's own; and text in. */
#ifndef TEXT_H
#define TEXT_H
#include "system.h"

static s64 log_file = -1;

/* A line under construction. */
static char line[512];
static u64 line_length;

static u64 length_of(const char *text)
{
  u64 length = 0;
  while (text[length]) length++;
  return length;
}

static int begins_with(const char *text, const char *start)
{
  while (*start)
    if (*text++ != *start++) return 0;
  return 1;
}

static void put_text(const char *text)
{
  while (*text && line_length < sizeof(line) - 2) line[line_length++] = *text++;
}

static void put_number(u64 value)
{
  char digits[24];
  u64 at = sizeof(digits) - 1;
  digits[at] = 0;
  do digits[--at] = (char)('0' + value % 10);
  while (value /= 10);
  put_text(digits + at);
}

/* A number of errno(3) by the names that LUO and KHO use; any other in digits. */
static void put_result(s64 result)
{
  static const struct { int number; const char *name; } names[] = {
    { 1, "EPERM" }, { 2, "ENOENT" }, { 5, "EIO" }, { 6, "ENXIO" }, { 7, "E2BIG" }, { 8, "ENOEXEC" }, { 9, "EBADF" },
    { 11, "EAGAIN" }, { 12, "ENOMEM" }, { 14, "EFAULT" }, { 16, "EBUSY" }, { 17, "EEXIST" }, { 19, "ENODEV" },
    { 22, "EINVAL" }, { 24, "EMFILE" }, { 25, "ENOTTY" }, { 27, "EFBIG" }, { 28, "ENOSPC" }, { 38, "ENOSYS" },
    { 61, "ENODATA" }, { 74, "EBADMSG" }, { 75, "EOVERFLOW" }, { 95, "EOPNOTSUPP" }, { 105, "ENOBUFS" },
  };
  if (result >= 0) {
    put_text("ok");
    return;
  }
  for (u64 i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    if (names[i].number == -result) {
      put_text(names[i].name);
      return;
    }
  put_text("E");
  put_number((u64)-result);
}

static u64 hop;

enum { SAID = 12 };
static u64 said;

/* Of many lines of one kind the first tell all that the others would. */
static int is_worth_saying(void) { return said++ < SAID; }

static void begin_line(void)
{
  line_length = 0;
  put_text("<6>try: hop ");
  put_number(hop);
  put_text(" ");
}

static void end_line(void)
{
  line[line_length++] = '\n';
  CALL3(SYS_write, log_file, line, line_length);
}

static void say(const char *text)
{
  begin_line();
  put_text(text);
  end_line();
}

static void say_result(const char *what, s64 result)
{
  begin_line();
  put_text(what);
  put_text(" ");
  put_result(result);
  end_line();
}

/* The next word of a line as a number, and the place behind it. */
static u64 read_number(const char **at)
{
  u64 value = 0;
  while (**at == ' ') (*at)++;
  while (**at >= '0' && **at <= '9') value = value * 10 + (u64)(*(*at)++ - '0');
  return value;
}

static void read_word(const char **at, char *word, u64 size)
{
  u64 length = 0;
  while (**at == ' ') (*at)++;
  for (; **at && **at != ' '; (*at)++)
    if (length < size - 1) word[length++] = **at;
  word[length] = 0;
}

/* What a small file holds, with a zero behind it; empty where it cannot be read. */
static u64 read_file(const char *path, char *bytes, u64 size)
{
  s64 file = open_file(path, O_RDONLY);
  u64 filled = 0;
  s64 got = 0;
  bytes[0] = 0;
  if (file < 0) return 0;
  while (filled < size - 1 && (got = CALL3(SYS_read, file, bytes + filled, size - 1 - filled)) > 0) filled += (u64)got;
  close_file(file);
  bytes[filled] = 0;
  return filled;
}

#endif
