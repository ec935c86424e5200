/*
 * Memory that the kernel reserved for the parameter reserve_mem= and hands over by itself. Where it lies is told by the tree
 * "memblock" of the handover in debugfs: a node of the region's name with the properties start and size; it is reached
 * through /dev/mem.
 */
#ifndef REGION_H
#define REGION_H
#include "memfd.h"

#define REGIONS_IN "/sys/kernel/debug/kho/in/sub_fdts/memblock"
#define TREE_IN "/sys/kernel/debug/kho/in/fdt"
#define REGIONS_OUT "/sys/kernel/debug/kho/out/sub_fdts/memblock"

/* As many as a kernel keeps by a name (RESERVE_MEM_MAX_ENTRIES in mm/memblock.c). */
enum { MAX_REGIONS = 8 };

enum { FDT_BEGIN_NODE = 1, FDT_END_NODE = 2, FDT_PROPERTY = 3, FDT_NOP = 4 };

struct region {
  char name[32];
  u64 start, size;
};

static char tree[PAGE * 16] __attribute__((aligned(8)));

static u64 big_endian(u64 offset)
{
  const u8 *at = (const u8 *)tree + offset;
  return (u64)at[0] << 24 | (u64)at[1] << 16 | (u64)at[2] << 8 | at[3];
}

static int same_text(const char *a, const char *b) { return begins_with(a, b) && begins_with(b, a); }

/* Fills in where a region lies; false where the tree does not name it. */
static int find_region(const char *path, struct region *region)
{
  u64 size = read_file(path, tree, sizeof(tree));
  int is_inside = 0;
  region->start = region->size = 0;
  if (size < 40 || big_endian(0) != 0xd00dfeed) return 0;
  for (u64 at = big_endian(8); at + 12 < size;) {
    u64 token = big_endian(at);
    at += 4;
    if (token == FDT_BEGIN_NODE) {
      is_inside = same_text(tree + at, region->name);
      at = (at + length_of(tree + at) + 4) & ~3ul;
    } else if (token == FDT_PROPERTY) {
      u64 length = big_endian(at);
      const char *name = tree + big_endian(12) + big_endian(at + 4);
      if (at + 8 + length > size || name >= tree + size) return 0;
      if (is_inside && length == 8 && same_text(name, "start")) region->start = *(u64 *)(tree + at + 8);
      if (is_inside && length == 8 && same_text(name, "size")) region->size = *(u64 *)(tree + at + 8);
      at = (at + 8 + length + 3) & ~3ul;
    } else if (token == FDT_END_NODE) {
      is_inside = 0;
    } else if (token != FDT_NOP) {
      break;
    }
  }
  return region->start != 0;
}

static u64 token_of(const struct region *region)
{
  u64 token = 5381;
  for (const char *at = region->name; *at; at++) token = token * 33 + (u8)*at;
  return token;
}

static void say_region(const struct region *region, const char *what, s64 result)
{
  begin_line();
  put_text("region ");
  put_text(region->name);
  put_text(" ");
  put_text(what);
  put_text(" ");
  put_result(result);
  end_line();
}

static s64 fill_region(s64 memory, const struct region *region)
{
  for (u64 page = 0; page < region->size / PAGE; page++) {
    u64 word = word_of(token_of(region), page);
    s64 result = CALL4(SYS_pwrite, memory, &word, 8, region->start + page * PAGE);
    if (result != 8) return result < 0 ? result : -5;
  }
  return 0;
}

/* How many pages of the region do not hold what was written, or an error. */
static s64 wrong_region_pages(s64 memory, const struct region *region)
{
  s64 wrong = 0;
  for (u64 page = 0; page < region->size / PAGE; page++) {
    u64 word = 0;
    s64 result = CALL4(SYS_pread, memory, &word, 8, region->start + page * PAGE);
    if (result != 8) return result < 0 ? result : -5;
    wrong += word != word_of(token_of(region), page);
  }
  return wrong;
}

#endif
