/*
 * The first process of every kernel of a trial. It says what it does and sees in lines "try: hop N …" of the kernel's log:
 *   checks what /payload lists, where a kernel before this one preserved it (parameter try.hop= of 1 and more);
 *   preserves it again and goes on into /next/kernel, where there is one.
 */
#include "liveupdate.h"
#include "memfd.h"
#include "region.h"
#include "text.h"

enum {
  REBOOT_MAGIC = (int)0xfee1dead, REBOOT_MAGIC_2 = 672274793, REBOOT = 0x01234567, REBOOT_KEXEC = 0x45584543,
  RLIMIT_NOFILE = 7, KEXEC_FILE_LIMIT = 70000,
};

/* Tells which sources the program was built from. */
__attribute__((used)) static const char mark[] = GUEST_MARK;

static char command_line[4096], next_command_line[4096], payload[1 << 18];
static u64 sessions, sessions_wanted, files, files_wanted, regions, regions_wanted;
static s64 device, session;
static char session_called[SESSION_NAME];
static struct region places[MAX_REGIONS];
static u64 looked, placed;
static int is_final;

static void say_session(const char *what, s64 result)
{
  if (!is_worth_saying()) return;
  begin_line();
  put_text("session ");
  put_text(session_called);
  put_text(" ");
  put_text(what);
  put_text(" ");
  put_result(result);
  end_line();
}

static void mount_at(const char *type, const char *path)
{
  CALL3(SYS_mkdirat, AT_FDCWD, path, 0755);
  CALL5(SYS_mount, type, path, type, 0, 0);
}

static void set_up(void)
{
  struct { u64 soft, hard; } limit = { KEXEC_FILE_LIMIT, KEXEC_FILE_LIMIT };
  mount_at("proc", "/proc");
  mount_at("sysfs", "/sys");
  mount_at("devtmpfs", "/dev");
  mount_at("debugfs", "/sys/kernel/debug");
  log_file = open_file("/dev/kmsg", O_WRONLY | O_CLOEXEC);
  if (log_file < 0) log_file = open_file("/dev/console", O_RDWR | O_CLOEXEC);
  CALL4(SYS_prlimit, 0, RLIMIT_NOFILE, &limit, 0);
  read_file("/proc/cmdline", command_line, sizeof(command_line));
  for (const char *at = command_line; *at; at++)
    if (begins_with(at, "try.hop=")) {
      const char *number = at + 8;
      hop = read_number(&number);
    }
  read_file("/payload", payload, sizeof(payload));
}

static void say_kernel(void)
{
  static struct { char system[65], node[65], release[65], version[65], machine[65], domain[65]; } names;
  CALL1(SYS_uname, &names);
  begin_line();
  put_text("kernel ");
  put_text(names.release);
  put_text(" ");
  put_text(names.version);
  end_line();
}

/* A session that was checked is over; one that is preserved must stay open until the next kernel runs. */
static void leave_session(int is_check)
{
  s64 result = 0;
  if (session >= 0 && is_check) {
    result = finish_session(session);
    close_file(session);
  }
  if (result < 0) say_session("finish", result);
  session = -1;
}

static void save_session(void)
{
  sessions_wanted++;
  session = session_by_name(device, CREATE_SESSION, session_called);
  if (session < 0) {
    say_session("create", session);
    return;
  }
  if (!sessions++ && session_name(session) == -25) say("ioctl SESSION_GET_NAME missing");
}

static void save_file(const struct memfd *file)
{
  s64 fd, result;
  files_wanted++;
  if (session < 0) return;
  fd = make_memfd(file);
  if (fd < 0) {
    if (is_worth_saying()) say_file(file->token, "make", fd);
    return;
  }
  result = preserve_file(session, fd, file->token);
  close_file(fd);
  if (result >= 0) files++;
  else if (is_worth_saying()) say_file(file->token, "preserve", result);
}

/*
 * Kernels until 6.18 hand over only what was finalized by hand, and show no region before; where there is no such file
 * nothing has to be done.
 */
static void finalize(void)
{
  s64 file, result;
  if (is_final) return;
  file = open_file("/sys/kernel/debug/kho/out/finalize", O_WRONLY);
  if (file < 0) return;
  is_final = 1;
  result = CALL3(SYS_write, file, "1", 1);
  say_result("finalize", result);
  close_file(file);
}

static void save_region(struct region *region)
{
  s64 memory, result;
  regions_wanted++;
  if (!find_region(REGIONS_OUT, region)) finalize();
  if (!region->start && !find_region(REGIONS_OUT, region)) {
    say_region(region, "find", -2);
    return;
  }
  memory = open_file("/dev/mem", O_RDWR);
  result = memory < 0 ? memory : fill_region(memory, region);
  close_file(memory);
  if (result < 0) say_region(region, "write", result);
  else regions++;
}

static void check_session(void)
{
  sessions_wanted++;
  session = session_by_name(device, RETRIEVE_SESSION, session_called);
  if (session < 0) say_session("retrieve", session);
  else sessions++;
}

static void check_file(const struct memfd *file)
{
  s64 fd;
  files_wanted++;
  if (session < 0) return;
  fd = retrieve_file(session, file->token);
  if (fd < 0) {
    if (is_worth_saying()) say_file(file->token, "retrieve", fd);
    return;
  }
  files += (u64)check_memfd(fd, file);
  close_file(fd);
}

/* A number of /proc/meminfo, in bytes. */
static u64 memory_of(const char *name)
{
  static char text[4096];
  read_file("/proc/meminfo", text, sizeof(text));
  for (const char *at = text; *at; at++)
    if (begins_with(at, name)) {
      at += length_of(name);
      return read_number(&at) * 1024;
    }
  return 0;
}

/* A region that was lost is free memory, which is why nearly all of that is overwritten first. */
static void overwrite_free_memory(void)
{
  s64 fd = CALL2(SYS_memfd_create, "junk", MFD_CLOEXEC);
  u64 size = memory_of("MemFree:") / 8 * 7 & ~(PAGE - 1ul);
  struct memfd junk = { 0x6a756e6b, size, 0, 0, 0, 0 };
  s64 result = CALL2(SYS_ftruncate, fd, junk.size);
  if (result >= 0) result = fill_memfd(fd, &junk);
  say_result("overwrite", result);
  close_file(fd);
}

/*
 * Where a region lies is looked up before memory is overwritten: the tree that tells it was handed over as well, and may be
 * lost as well. Whether the kernel shows that tree at all is said once.
 */
static void place_region(struct region *region)
{
  if (!looked++) {
    s64 tree_in = open_file(TREE_IN, O_RDONLY);
    say_result("open kho/in/fdt", tree_in);
    close_file(tree_in);
  }
  if (!find_region(REGIONS_IN, region)) say_region(region, "find", -2);
  else if (placed < MAX_REGIONS) places[placed++] = *region;
}

static void check_region(const struct region *region)
{
  struct region again = *region;
  s64 memory, result;
  if (!find_region(REGIONS_IN, &again) || again.start != region->start || again.size != region->size)
    say_region(region, "tree", -2);
  memory = open_file("/dev/mem", O_RDONLY);
  result = memory < 0 ? memory : wrong_region_pages(memory, region);
  close_file(memory);
  if (result == 0) regions++;
  else if (result < 0) say_region(region, "read", result);
  else {
    begin_line();
    put_text("region ");
    put_text(region->name);
    put_text(" wrong-pages ");
    put_number((u64)result);
    put_text(" wanted 0");
    end_line();
  }
}

static void check_placed(const char *name)
{
  regions_wanted++;
  for (u64 at = 0; at < placed; at++)
    if (same_text(places[at].name, name)) check_region(&places[at]);
}

static int is_line(const char **at, const char *start)
{
  if (!begins_with(*at, start)) return 0;
  *at += length_of(start);
  return 1;
}

/* One line of the payload: preserved in a first kernel, checked in a later one. */
static void take_line(const char *at, int is_check)
{
  struct region region;
  if (is_line(&at, "session ")) {
    leave_session(is_check);
    read_word(&at, session_called, sizeof(session_called));
    if (device < 0) return;
    if (is_check) check_session();
    else save_session();
  } else if (is_line(&at, "file ")) {
    struct memfd file = read_memfd(at);
    if (device < 0) return;
    if (is_check) check_file(&file);
    else save_file(&file);
  } else if (is_line(&at, "place ")) {
    read_word(&at, region.name, sizeof(region.name));
    if (is_check) place_region(&region);
  } else if (is_line(&at, "region ")) {
    read_word(&at, region.name, sizeof(region.name));
    if (is_check) check_placed(region.name);
    else save_region(&region);
  } else if (is_line(&at, "overwrite") && is_check) {
    overwrite_free_memory();
  }
}

static void say_count(const char *what, u64 count, u64 wanted)
{
  put_text(" ");
  put_text(what);
  put_text(" ");
  put_number(count);
  put_text("/");
  put_number(wanted);
}

static void take_payload(int is_check)
{
  static char copy[sizeof(payload)];
  sessions = sessions_wanted = files = files_wanted = regions = regions_wanted = looked = placed = said = 0;
  session = -1;
  device = open_file("/dev/liveupdate", O_RDWR | O_CLOEXEC);
  say_result("open /dev/liveupdate", device);
  for (u64 at = 0; payload[at];) {
    u64 length = 0;
    while (payload[at] && payload[at] != '\n') copy[length++] = payload[at++];
    while (payload[at] == '\n') at++;
    copy[length] = 0;
    take_line(copy, is_check);
  }
  leave_session(is_check);
  begin_line();
  put_text(is_check ? "restored" : "saved");
  say_count("sessions", sessions, sessions_wanted);
  say_count("files", files, files_wanted);
  say_count("regions", regions, regions_wanted);
  end_line();
  close_file(device);
}

static s64 load_next(void)
{
  s64 kernel = open_file("/next/kernel", O_RDONLY);
  s64 initramfs = open_file("/next/initramfs", O_RDONLY);
  u64 length = read_file("/next/cmdline", next_command_line, sizeof(next_command_line));
  s64 result = CALL5(SYS_kexec_file_load, kernel, initramfs, length + 1, next_command_line, 0);
  close_file(kernel);
  close_file(initramfs);
  return result;
}

static s64 restart(int command) { return CALL4(SYS_reboot, REBOOT_MAGIC, REBOOT_MAGIC_2, command, 0); }

__attribute__((used, noreturn)) void run(void)
{
  s64 next, result;
  set_up();
  say_kernel();
  if (hop) take_payload(1);
  next = open_file("/next/kernel", O_RDONLY);
  close_file(next);
  if (next >= 0) {
    take_payload(0);
    finalize();
    result = load_next();
    say_result("load", result);
    if (result >= 0) {
      CALL1(SYS_sync, 0);
      say("kexec");
      say_result("kexec failed", restart(REBOOT_KEXEC));
    }
  }
  say("end");
  for (;;) restart(REBOOT);
}
