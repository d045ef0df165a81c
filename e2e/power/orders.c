// The orders of the power shim, from the environment or from the control file, and what they mean for one operation.
#include "power.h"

static const char *const kind_names[KINDS] = {"write", "fsync", "rename", "unlink", "truncate", "create"};
enum { KILL_BEFORE, KILL_AFTER, KILL_TORN };

/** The control file: one 64-bit number per slot, in this order; shim.ts counts the slots the same way. */
struct control {
  int64_t version; // 0: nobody has read the orders from the environment yet.
  int64_t fail_armed, fail_at, fail_count, fail_errno, fail_kinds, fail_seen;
  int64_t kill_armed, kill_at, kill_when, kill_kinds, kill_seen;
  int64_t slow_us, failed;
  int64_t operations[KINDS];
  int64_t slow_times; // 0 and 1: an fsync takes as long as it takes.
  int64_t written;    // Bytes that writes have taken.
};

static struct control own, *control = &own;

void power_stop(const char *format, ...) {
  va_list values;
  va_start(values, format);
  dprintf(STDERR_FILENO, "power shim: ");
  vdprintf(STDERR_FILENO, format, values);
  dprintf(STDERR_FILENO, "\n");
  va_end(values);
  _exit(70); // EXIT_STOPPED in shim.ts.
}

void power_path(path_t out, const char *format, ...) {
  va_list values;
  va_start(values, format);
  if (vsnprintf(out, PATH_MAX, format, values) >= PATH_MAX) power_stop("a path is too long: %s", out);
  va_end(values);
}

static int64_t number_of(const char *name, int64_t otherwise) {
  const char *text = getenv(name);
  if (text == NULL || *text == 0) return otherwise;
  char *end;
  int64_t value = strtoll(text, &end, 10);
  if (*end != 0 || value < 0) power_stop("%s is not a number: %s", name, text);
  return value;
}

static int64_t kinds_of(const char *name) {
  const char *text = getenv(name);
  int64_t kinds = 0;
  if (text == NULL || *text == 0) return (1 << KINDS) - 1;
  for (size_t length; *text != 0; text += length + (text[length] == ',')) {
    length = strcspn(text, ",");
    int kind = 0;
    while (kind < KINDS && (strlen(kind_names[kind]) != length || strncmp(text, kind_names[kind], length) != 0)) kind++;
    if (kind == KINDS) power_stop("%s has an unknown kind: %s", name, text);
    kinds |= 1 << kind;
  }
  return kinds;
}

static int64_t errno_of(const char *name) {
  const char *text = getenv(name);
  if (text == NULL || strcmp(text, "EIO") == 0) return EIO;
  if (strcmp(text, "ENOSPC") == 0) return ENOSPC;
  if (strcmp(text, "EROFS") == 0) return EROFS;
  power_stop("%s is none of EIO, ENOSPC, EROFS: %s", name, text);
}

static void read_orders(void) {
  const char *when = getenv("POWER_KILL_WHEN");
  int64_t fail_at = number_of("POWER_FAIL_AT", 0), kill_at = number_of("POWER_KILL_AT", 0);
  if (fail_at > 0) {
    control->fail_at = fail_at;
    control->fail_count = number_of("POWER_FAIL_COUNT", 1);
    control->fail_errno = errno_of("POWER_FAIL_ERRNO");
    control->fail_kinds = kinds_of("POWER_FAIL_KINDS");
    control->fail_armed = 1;
  }
  if (kill_at > 0) {
    control->kill_at = kill_at;
    control->kill_when = when != NULL && strcmp(when, "after") == 0 ? KILL_AFTER : KILL_BEFORE;
    if (number_of("POWER_TEAR", 0) != 0) control->kill_when = KILL_TORN;
    control->kill_kinds = kinds_of("POWER_KILL_KINDS");
    control->kill_armed = 1;
  }
  control->slow_us = number_of("POWER_SLOW_FSYNC_US", control->slow_us);
  control->slow_times = number_of("POWER_SLOW_FSYNC_TIMES", control->slow_times);
}

static void share_control(const char *path) {
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0 || syscall(SYS_ftruncate, fd, sizeof *control) != 0)
    power_stop("cannot use the control file %s: %s", path, strerror(errno));
  void *shared = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (shared == MAP_FAILED) power_stop("cannot map the control file %s: %s", path, strerror(errno));
  control = shared;
  syscall(SYS_close, fd);
}

void orders_start(const char *path) {
  if (path != NULL && *path != 0) share_control(path);
  int64_t unread = 0;
  if (__atomic_compare_exchange_n(&control->version, &unread, 1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
    read_orders();
}

int64_t slow_fsync_us(void) { return control->slow_us; }
int64_t slow_fsync_times(void) { return __atomic_load_n(&control->slow_times, __ATOMIC_SEQ_CST); }

void count_written(long bytes) { __atomic_add_fetch(&control->written, bytes, __ATOMIC_SEQ_CST); }

__attribute__((noreturn)) static void die(void) {
  for (;;) syscall(SYS_kill, getpid(), SIGKILL);
}

struct fate decide(enum kind kind) {
  struct fate fate = {0};
  __atomic_add_fetch(&control->operations[kind], 1, __ATOMIC_SEQ_CST);
  if (__atomic_load_n(&control->kill_armed, __ATOMIC_SEQ_CST) && (control->kill_kinds >> kind & 1) &&
      __atomic_add_fetch(&control->kill_seen, 1, __ATOMIC_SEQ_CST) == control->kill_at) {
    fate.torn = control->kill_when == KILL_TORN && (kind == WRITE || kind == FSYNC);
    fate.last = fate.torn || control->kill_when == KILL_AFTER;
    if (!fate.last) die();
  }
  if (__atomic_load_n(&control->fail_armed, __ATOMIC_SEQ_CST) && (control->fail_kinds >> kind & 1)) {
    int64_t late = __atomic_add_fetch(&control->fail_seen, 1, __ATOMIC_SEQ_CST) - control->fail_at;
    if (late >= 0 && (control->fail_count == 0 || late < control->fail_count)) fate.error = (int)control->fail_errno;
  }
  if (fate.error != 0) __atomic_add_fetch(&control->failed, 1, __ATOMIC_SEQ_CST);
  return fate;
}

long done(struct fate fate, long result) {
  if (fate.last) die();
  if (fate.error == 0) return result;
  errno = fate.error;
  return -1;
}
