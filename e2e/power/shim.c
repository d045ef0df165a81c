// Stands before libc (LD_PRELOAD) and does to the files of one folder what a bad disk and a pulled plug do. Orders come
// from the environment or, at run time, through the control file; README.md lists them. Calls reach the kernel through
// syscall(2), not dlsym: nothing to look up, so nothing to go wrong before the constructor ran.
#include "power.h"
#include <time.h>

static path_t folder; // Empty: the shim lets everything pass.

__attribute__((constructor)) static void start(void) {
  const char *watched = getenv("POWER_FOLDER"), *durable = getenv("POWER_DURABLE"), *path = getenv("POWER_CONTROL");
  if (watched == NULL || *watched == 0) return;
  path_t real;
  if (realpath(watched, real) == NULL) power_stop("POWER_FOLDER %s: %s", watched, strerror(errno));
  orders_start(path);
  if (durable != NULL && *durable != 0) durable_start(real, durable);
  power_path(folder, "%s", real);
}

/** The path inside the watched folder; false when it is elsewhere. */
static bool inside(const char *path, path_t name) {
  size_t length = strlen(folder);
  if (length == 0 || strncmp(path, folder, length) != 0 || (path[length] != '/' && path[length] != 0)) return false;
  power_path(name, "%s", path + length + (path[length] == '/'));
  return true;
}

// Asked of the kernel each time: a table of our own would have to follow dup, fork, rename and every way to close.
static bool path_of(int fd, path_t path) {
  char self[32];
  snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
  ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, self, path, PATH_MAX - 1L);
  if (length <= 0 || *path != '/') return false;
  path[length] = 0;
  return true;
}

static bool watched_fd(int fd, path_t name) {
  path_t path;
  return *folder != 0 && path_of(fd, path) && inside(path, name);
}

static bool watched_path(int at, const char *path, path_t name) {
  path_t base = ".", whole, parent;
  if (*folder == 0 || path == NULL || (*path != '/' && at != AT_FDCWD && !path_of(at, base))) return false;
  if (*path == '/') power_path(whole, "%s", path);
  else power_path(whole, "%s/%s", base, path);
  char *last = strrchr(whole, '/');
  *last = 0;
  if (realpath(*whole ? whole : "/", parent) == NULL) return false;
  power_path(whole, "%s/%s", parent, strrchr(path, '/') ? strrchr(path, '/') + 1 : path);
  return inside(whole, name);
}

static size_t torn_length(struct fate fate, size_t length) { return fate.torn ? length / 2 / 512 * 512 : length; }

static long wrote(int fd, struct fate fate, off_t at, long result) {
  if (result > 0) count_written(result);
  if (durable_wanted() && result > 0) durable_wrote(fd, at < 0 ? lseek(fd, 0, SEEK_CUR) - result : at, result);
  return done(fate, result);
}

// ---- In the place of libc: the only names that the library shows

#pragma GCC visibility push(default)

ssize_t write(int fd, const void *bytes, size_t length) {
  path_t name;
  if (!watched_fd(fd, name)) return syscall(SYS_write, fd, bytes, length);
  struct fate fate = decide(WRITE);
  if (fate.error != 0) return done(fate, -1);
  return wrote(fd, fate, -1, syscall(SYS_write, fd, bytes, torn_length(fate, length)));
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
  path_t name;
  if (!watched_fd(fd, name)) return syscall(SYS_pwrite64, fd, bytes, length, at);
  struct fate fate = decide(WRITE);
  if (fate.error != 0) return done(fate, -1);
  return wrote(fd, fate, at, syscall(SYS_pwrite64, fd, bytes, torn_length(fate, length), at));
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  path_t name;
  if (!watched_fd(fd, name)) return syscall(SYS_writev, fd, parts, count);
  struct fate fate = decide(WRITE);
  if (fate.error != 0) return done(fate, -1);
  return wrote(fd, fate, -1, syscall(SYS_writev, fd, parts, fate.torn ? count / 2 : count));
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
  path_t name;
  if (!watched_fd(fd, name)) return syscall(SYS_pwritev, fd, parts, count, at, 0L);
  struct fate fate = decide(WRITE);
  if (fate.error != 0) return done(fate, -1);
  return wrote(fd, fate, at, syscall(SYS_pwritev, fd, parts, fate.torn ? count / 2 : count, at, 0L));
}

int ftruncate(int fd, off_t size) {
  path_t name;
  if (!watched_fd(fd, name)) return (int)syscall(SYS_ftruncate, fd, size);
  struct fate fate = decide(TRUNCATE);
  if (fate.error != 0) return (int)done(fate, -1);
  long result = syscall(SYS_ftruncate, fd, size);
  if (durable_wanted() && result == 0) durable_truncated(fd, size);
  return (int)done(fate, result);
}

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000L + now.tv_nsec;
}

static void sleep_ns(int64_t length) {
  if (length > 0) nanosleep(&(struct timespec){length / 1000000000L, length % 1000000000L}, NULL);
}

// With a durable copy the real fsync is left out: a killed process takes no page cache along, and the copy is the disk.
static int sync_with(long call, int fd) {
  path_t name;
  if (!watched_fd(fd, name)) return (int)syscall(call, fd);
  struct fate fate = decide(FSYNC);
  sleep_ns(slow_fsync_us() * 1000);
  if (fate.error != 0) {
    if (durable_wanted()) durable_sync_failed(fd, name);
    return (int)done(fate, -1);
  }
  if (!durable_wanted()) {
    int64_t started = now_ns();
    long result = syscall(call, fd);
    int failure = errno;
    sleep_ns((now_ns() - started) * (slow_fsync_times() - 1));
    errno = failure;
    return (int)done(fate, result);
  }
  durable_sync(fd, name, fate.torn);
  return (int)done(fate, 0);
}

int fsync(int fd) { return sync_with(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_with(SYS_fdatasync, fd); }

int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags) {
  path_t from_name, to_name;
  bool leaves = watched_path(from_at, from, from_name), comes = watched_path(to_at, to, to_name);
  if (!leaves && !comes) return (int)syscall(SYS_renameat2, from_at, from, to_at, to, flags);
  struct fate fate = decide(RENAME);
  if (fate.error != 0) return (int)done(fate, -1);
  bool kept = durable_wanted() && leaves && comes;
  if (kept) durable_before_rename(from_name, to_name);
  long result = syscall(SYS_renameat2, from_at, from, to_at, to, flags);
  if (kept) durable_after(result == 0);
  return (int)done(fate, result);
}

int renameat(int from_at, const char *from, int to_at, const char *to) {
  return renameat2(from_at, from, to_at, to, 0);
}

int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

int unlinkat(int at, const char *path, int flags) {
  path_t name;
  if ((flags & AT_REMOVEDIR) || !watched_path(at, path, name)) return (int)syscall(SYS_unlinkat, at, path, flags);
  struct fate fate = decide(UNLINK);
  if (fate.error != 0) return (int)done(fate, -1);
  if (durable_wanted()) durable_before_unlink(name);
  long result = syscall(SYS_unlinkat, at, path, flags);
  if (durable_wanted()) durable_after(result == 0);
  return (int)done(fate, result);
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }

/** A disk that takes no more refuses new and emptied files, too; a file that is opened as it is passes uncounted. */
static int open_with(int at, const char *path, int flags, mode_t mode) {
  path_t name;
  bool makes = (flags & O_CREAT) != 0, empties = (flags & O_TRUNC) != 0;
  if ((!makes && !empties) || !watched_path(at, path, name) || (!empties && faccessat(at, path, F_OK, 0) == 0))
    return (int)syscall(SYS_openat, at, path, flags, mode);
  struct fate fate = decide(CREATE);
  return (int)done(fate, fate.error != 0 ? -1 : syscall(SYS_openat, at, path, flags, mode));
}

static mode_t mode_of(int flags, va_list values) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(values, mode_t) : 0;
}

int openat(int at, const char *path, int flags, ...) {
  va_list values;
  va_start(values, flags);
  int fd = open_with(at, path, flags, mode_of(flags, values));
  va_end(values);
  return fd;
}

int open(const char *path, int flags, ...) {
  va_list values;
  va_start(values, flags);
  int fd = open_with(AT_FDCWD, path, flags, mode_of(flags, values));
  va_end(values);
  return fd;
}

// On a 64-bit machine the names with 64 are the same functions.
int open64(const char *path, int flags, ...) __attribute__((alias("open")));
int openat64(int at, const char *path, int flags, ...) __attribute__((alias("openat")));
int ftruncate64(int fd, off64_t size) __attribute__((alias("ftruncate")));
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) __attribute__((alias("pwrite")));
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) __attribute__((alias("pwritev")));

#pragma GCC visibility pop
