/* A memfd of the payload: made before the update, checked after it. */
#ifndef MEMFD_H
#define MEMFD_H
#include "text.h"

enum {
  PAGE = 4096, CHUNK = 16,
  MFD_CLOEXEC = 1, MFD_ALLOW_SEALING = 2, MFD_HUGETLB = 4,
  F_ADD_SEALS = 1033, F_GET_SEALS = 1034,
  PROT_READ = 1, MAP_SHARED = 1,
  SEEK_SET = 0, SEEK_CUR = 1, SEEK_END = 2,
};

struct memfd {
  u64 token, size, position, seals, flags, hole;
};

/* `file TOKEN SIZE POSITION SEALS FLAGS HOLE`: SEALS as F_GET_SEALS says them, every HOLE-th page is left out. */
static struct memfd read_memfd(const char *at)
{
  struct memfd file;
  file.token = read_number(&at);
  file.size = read_number(&at);
  file.position = read_number(&at);
  file.seals = read_number(&at);
  file.flags = read_number(&at);
  file.hole = read_number(&at);
  return file;
}

/* What stands at the begin of a page; never zero, so that a page that was lost is seen. */
static u64 word_of(u64 token, u64 page) { return ((page + 1) * 0x9E3779B97F4A7C15ul ^ token * 0x100000001B3ul) | 1; }

static int is_hole(const struct memfd *file, u64 page) { return file->hole && page % file->hole == file->hole - 1; }

/* What the file has in the pages from `first` on, as many as stand in one piece; the middle of each page is zero. */
static u64 stamp_pages(u64 pages[CHUNK][PAGE / 8], const struct memfd *file, u64 first, u64 end)
{
  u64 count = 0;
  for (; count < CHUNK && first + count < end && !is_hole(file, first + count); count++) {
    pages[count][0] = word_of(file->token, first + count);
    pages[count][PAGE / 8 - 1] = ~word_of(file->token, first + count);
  }
  return count;
}

/* By write(): an emulated machine takes half as long for it as for pages that are mapped one by one. */
static s64 fill_memfd(s64 fd, const struct memfd *file)
{
  static u64 pages[CHUNK][PAGE / 8];
  u64 end = (file->size + PAGE - 1) / PAGE;
  for (u64 page = 0; page < end;) {
    u64 count = stamp_pages(pages, file, page, end);
    u64 left = file->size - page * PAGE;
    u64 length = count * PAGE < left ? count * PAGE : left;
    s64 written = CALL4(SYS_pwrite, fd, pages, length, page * PAGE);
    if (written != (s64)length) return written < 0 ? written : -28;
    page += count ? count : 1;
  }
  return 0;
}

/* The descriptor, or what went wrong. */
static s64 make_memfd(const struct memfd *file)
{
  s64 fd = CALL2(SYS_memfd_create, "try", MFD_CLOEXEC | file->flags);
  s64 result;
  if (fd < 0) return fd;
  result = CALL2(SYS_ftruncate, fd, file->size);
  if (result >= 0 && file->size) result = fill_memfd(fd, file);
  if (result >= 0) result = CALL3(SYS_lseek, fd, file->position, SEEK_SET);
  if (result >= 0 && (file->flags & MFD_ALLOW_SEALING) && file->seals)
    result = CALL3(SYS_fcntl, fd, F_ADD_SEALS, file->seals);
  if (result >= 0) return fd;
  close_file(fd);
  return result;
}

static void say_file(u64 token, const char *what, s64 result)
{
  begin_line();
  put_text("file ");
  put_number(token);
  put_text(" ");
  put_text(what);
  put_text(" ");
  put_result(result);
  end_line();
}

static int differs(const struct memfd *file, const char *what, u64 is, u64 wanted)
{
  if (is == wanted) return 0;
  if (!is_worth_saying()) return 1;
  begin_line();
  put_text("file ");
  put_number(file->token);
  put_text(" ");
  put_text(what);
  put_text(" ");
  put_number(is);
  put_text(" wanted ");
  put_number(wanted);
  end_line();
  return 1;
}

static u64 wrong_pages(s64 fd, const struct memfd *file, u64 size)
{
  u64 wrong = 0;
  s64 memory = CALL6(SYS_mmap, 0, size, PROT_READ, MAP_SHARED, fd, 0);
  if (memory < 0) return ~0ul;
  for (u64 offset = 0; offset < size; offset += PAGE) {
    volatile u64 *word = (volatile u64 *)(memory + (s64)offset);
    u64 wanted = is_hole(file, offset / PAGE) ? 0 : word_of(file->token, offset / PAGE);
    u64 last = is_hole(file, offset / PAGE) ? 0 : ~wanted;
    int is_wrong = file->size - offset >= 8 && word[0] != wanted;
    if (file->size - offset >= PAGE && word[PAGE / 8 - 1] != last) is_wrong = 1;
    wrong += (u64)is_wrong;
  }
  CALL2(SYS_munmap, memory, size);
  return wrong;
}

/* True when the file is what was preserved; each difference is a line. */
static int check_memfd(s64 fd, const struct memfd *file)
{
  s64 position = CALL3(SYS_lseek, fd, 0, SEEK_CUR);
  s64 size = CALL3(SYS_lseek, fd, 0, SEEK_END);
  u64 both = (u64)size < file->size ? (u64)size : file->size;
  int wrong = differs(file, "size", (u64)size, file->size);
  wrong |= differs(file, "position", (u64)position, file->position);
  if (both) wrong |= differs(file, "wrong-pages", wrong_pages(fd, file, both), 0);
  differs(file, "seals", (u64)CALL2(SYS_fcntl, fd, F_GET_SEALS), file->seals);
  return !wrong;
}

#endif
