/* What /dev/liveupdate takes, 6.19 to 7.3 (include/uapi/linux/liveupdate.h); the numbers did not change, some were added. */
#ifndef LIVEUPDATE_H
#define LIVEUPDATE_H
#include "system.h"

#define COMMAND(number) ((0xBA << 8) | (number))
enum {
  CREATE_SESSION = COMMAND(0x00),
  RETRIEVE_SESSION = COMMAND(0x01),
  PRESERVE_FD = COMMAND(0x40),
  RETRIEVE_FD = COMMAND(0x41),
  FINISH_SESSION = COMMAND(0x42),
  GET_SESSION_NAME = COMMAND(0x43), /* from 7.2 on */
};
enum { SESSION_NAME = 64 };

struct session_argument {
  u32 size;
  int fd;
  char name[SESSION_NAME];
};

struct file_argument {
  u32 size;
  int fd;
  u64 token;
};

struct finish_argument {
  u32 size;
  u32 reserved;
};

static s64 session_by_name(s64 device, u64 command, const char *name)
{
  struct session_argument argument = { sizeof(argument), -1, { 0 } };
  for (u64 i = 0; name[i] && i < SESSION_NAME - 1; i++) argument.name[i] = name[i];
  s64 result = CALL3(SYS_ioctl, device, command, &argument);
  return result < 0 ? result : argument.fd;
}

static s64 preserve_file(s64 session, s64 file, u64 token)
{
  struct file_argument argument = { sizeof(argument), (int)file, token };
  return CALL3(SYS_ioctl, session, PRESERVE_FD, &argument);
}

static s64 retrieve_file(s64 session, u64 token)
{
  struct file_argument argument = { sizeof(argument), -1, token };
  s64 result = CALL3(SYS_ioctl, session, RETRIEVE_FD, &argument);
  return result < 0 ? result : argument.fd;
}

static s64 finish_session(s64 session)
{
  struct finish_argument argument = { sizeof(argument), 0 };
  return CALL3(SYS_ioctl, session, FINISH_SESSION, &argument);
}

static s64 session_name(s64 session)
{
  struct session_argument argument = { sizeof(argument), 0, { 0 } };
  return CALL3(SYS_ioctl, session, GET_SESSION_NAME, &argument);
}

#endif
