// The disk of the power shim. `inode/` holds the durable bytes of each file, `tree/` the durable names as hard links to
// them: bytes become durable by fsync of the file, names by fsync of the folder, so that each can lag behind the other.
// Files are updated in place: a process killed inside an fsync leaves a part of it, as a real power cut does.
#include "power.h"
#include <dirent.h>
#include <ftw.h>

enum { SECTOR = 512, BLOCK = 4096, CHUNK = 64 * 1024, OPEN_FOLDERS_MAX = 8 };

static path_t folder, durable;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char fresh[CHUNK], kept[CHUNK]; // Guarded by the lock.
static bool some_lost;                 // After the first failed fsync; until then no write has to look.
bool durable_wanted(void) { return *durable != 0; }

// The process's own open() is the one that counts operations: the shim's own files go round it.
static int open_raw(const char *path, int flags) {
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0644);
}

static int open_needed(const char *path, int flags) {
  int fd = open_raw(path, flags);
  if (fd < 0) power_stop("cannot open %s: %s", path, strerror(errno));
  return fd;
}

static void close_raw(int fd) { syscall(SYS_close, fd); }

static bool exists(const char *path) { return faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0; }

static bool identify(int fd, const char *path, struct statx *found) {
  int flags = AT_SYMLINK_NOFOLLOW | (*path ? 0 : AT_EMPTY_PATH);
  return statx(fd, path, flags, STATX_BASIC_STATS | STATX_BTIME, found) == 0;
}

// The time of birth tells a file from an earlier one whose inode number it got.
static void key_path(path_t out, const char *kind, const struct statx *file) {
  power_path(out, "%s/%s/%llu-%lld-%u", durable, kind, (unsigned long long)file->stx_ino,
             (long long)file->stx_btime.tv_sec, file->stx_btime.tv_nsec);
}

/** The index that SQLite shares between its connections is rebuilt after a crash, and is never asked to be kept. */
static bool is_passing(const char *name) {
  size_t length = strlen(name);
  return length >= 4 && strcmp(name + length - 4, "-shm") == 0;
}

/** Makes every folder of a path in `durable`; the path itself, too, when it ends in a slash. */
static void make_parents(char *path) {
  for (char *slash = path + strlen(durable) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
    *slash = 0;
    if (mkdir(path, 0755) != 0 && errno != EEXIST) power_stop("cannot create %s: %s", path, strerror(errno));
    *slash = '/';
  }
}

static bool is_same(const char *one, const char *other) {
  struct statx a, b;
  return identify(AT_FDCWD, one, &a) && identify(AT_FDCWD, other, &b) && a.stx_ino == b.stx_ino;
}

/** Makes the name durable: by link and rename, so that a kill in between leaves the old name or the new one. */
static void enter(const char *name, const char *inode) {
  path_t entry, next;
  power_path(entry, "%s/tree/%s", durable, name);
  if (is_same(entry, inode)) return;
  power_path(next, "%s/next-%d", durable, getpid());
  make_parents(entry);
  syscall(SYS_unlinkat, AT_FDCWD, next, 0);
  if (linkat(AT_FDCWD, inode, AT_FDCWD, next, 0) != 0 ||
      syscall(SYS_renameat2, AT_FDCWD, next, AT_FDCWD, entry, 0) != 0)
    power_stop("cannot enter %s: %s", entry, strerror(errno));
}

static bool is_lost(int lost, off_t at) {
  char mark = 0;
  return lost >= 0 && pread(lost, &mark, 1, at / BLOCK) == 1 && mark;
}

static bool has_changed(ssize_t from, ssize_t length, ssize_t had) {
  return from + length > had || memcmp(fresh + from, kept + from, (size_t)length) != 0;
}

struct copy {
  int from, to, lost;
  bool torn, failed;
  unsigned seen;
};

static ssize_t sector_length(ssize_t at, ssize_t length) { return length - at < SECTOR ? length - at : SECTOR; }

/** True when this changed sector reaches the disk. */
static bool takes(struct copy *copy, off_t at) {
  if (copy->failed && syscall(SYS_pwrite64, copy->lost, "\1", 1L, at / BLOCK) != 1) power_stop("cannot note a loss");
  return !copy->failed && !is_lost(copy->lost, at) && !(copy->torn && copy->seen++ % 2);
}

/** Brings one chunk's changed sectors over, in runs as long as possible. */
static void copy_chunk(struct copy *copy, off_t at, ssize_t length, ssize_t had) {
  ssize_t run = 0, i = 0;
  while (run < length) {
    for (i = run; i < length; i += sector_length(i, length))
      if (!has_changed(i, sector_length(i, length), had) || !takes(copy, at + i)) break;
    if (i > run && syscall(SYS_pwrite64, copy->to, fresh + run, i - run, at + run) != i - run)
      power_stop("cannot keep what was synced: %s", strerror(errno));
    run = i < length ? i + sector_length(i, length) : i;
  }
}

static void copy_changes(struct copy *copy) {
  off_t at = 0;
  for (ssize_t length; (length = pread(copy->from, fresh, CHUNK, at)) > 0; at += length) {
    ssize_t had = pread(copy->to, kept, (size_t)length, at);
    if (had != length || memcmp(fresh, kept, (size_t)length) != 0) copy_chunk(copy, at, length, had < 0 ? 0 : had);
  }
  if (!copy->torn && !copy->failed && syscall(SYS_ftruncate, copy->to, at) != 0)
    power_stop("cannot keep a length: %s", strerror(errno));
}

/** To be read; reopened only if it must be, because closing any descriptor of a file drops SQLite's locks on it. */
static int readable(int fd) {
  if ((fcntl(fd, F_GETFL) & O_ACCMODE) != O_WRONLY) return fd;
  path_t self;
  power_path(self, "/proc/self/fd/%d", fd);
  return open_needed(self, O_RDONLY);
}

static void sync_file(int fd, const char *name, bool torn, bool failed) {
  struct statx file;
  path_t inode, lost;
  if (is_passing(name) || !identify(fd, "", &file) || !S_ISREG(file.stx_mode) || file.stx_nlink == 0) return;
  key_path(inode, "inode", &file);
  key_path(lost, "lost", &file);
  bool known = exists(inode);
  if (failed) some_lost = true;
  struct copy copy = {.torn = torn, .failed = failed, .from = readable(fd)};
  copy.to = failed && !known ? open_needed("/dev/null", O_RDWR) : open_needed(inode, O_RDWR | O_CREAT);
  copy.lost = failed ? open_needed(lost, O_RDWR | O_CREAT) : open_raw(lost, O_RDONLY);
  copy_changes(&copy);
  if (copy.from != fd) close_raw(copy.from);
  if (copy.lost >= 0) close_raw(copy.lost);
  close_raw(copy.to);
  if (!known && !failed) enter(name, inode); // As ext4 does: the fsync of a new file keeps its name, too.
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place) {
  (void)status, (void)place;
  return (int)syscall(SYS_unlinkat, AT_FDCWD, path, type == FTW_DP ? AT_REMOVEDIR : 0);
}

/** Names only, only of what the disk knows already, or with all their bytes. */
enum scope { NAMES, KNOWN, WHOLE };

static void keep_name(const char *name, enum scope scope);

/** Calls `visit` for every name in `path`, as a name inside the watched folder. */
static void each_name(const char *path, const char *name, void visit(const char *, enum scope),
                      enum scope scope) {
  DIR *list = opendir(path);
  for (struct dirent *entry; list != NULL && (entry = readdir(list)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    path_t child;
    power_path(child, "%s%s%s", name, *name ? "/" : "", entry->d_name);
    visit(child, scope);
  }
  if (list != NULL) closedir(list);
}

static void drop_name(const char *name, enum scope scope) {
  (void)scope;
  path_t real, entry;
  power_path(real, "%s/%s", folder, name);
  power_path(entry, "%s/tree/%s", durable, name);
  if (!exists(real)) nftw(entry, remove_one, OPEN_FOLDERS_MAX, FTW_DEPTH | FTW_PHYS);
}

static void sync_folder(const char *name, enum scope scope) {
  path_t real, mirror;
  power_path(real, "%s/%s", folder, name);
  power_path(mirror, "%s/tree/%s/", durable, name);
  make_parents(mirror);
  each_name(real, name, keep_name, scope);
  each_name(mirror, name, drop_name, scope);
}

/** A file that was never synced keeps its name only: it comes back empty. */
static void keep_name(const char *name, enum scope scope) {
  struct statx file;
  path_t real, other;
  power_path(real, "%s/%s", folder, name);
  if (is_passing(name) || !identify(AT_FDCWD, real, &file)) return;
  if (S_ISDIR(file.stx_mode)) {
    power_path(other, "%s/tree/%s", durable, name);
    // New or moved here: with it comes what is on the disk already.
    if (scope == WHOLE || !exists(other)) sync_folder(name, scope == WHOLE ? WHOLE : KNOWN);
  } else if (S_ISREG(file.stx_mode)) {
    key_path(other, "inode", &file);
    if (scope == KNOWN && !exists(other)) return;
    int fd = scope == WHOLE ? open_needed(real, O_RDONLY) : open_needed(other, O_RDWR | O_CREAT);
    if (scope == WHOLE) sync_file(fd, name, false, false);
    close_raw(fd);
    enter(name, other);
  }
}

void durable_start(const char *watched, const char *wanted) {
  path_t ready;
  power_path(folder, "%s", watched);
  power_path(durable, "%s", wanted);
  power_path(ready, "%s/ready", durable); // There once all is kept; a child process finds it and goes on from there.
  if (!exists(ready)) nftw(durable, remove_one, OPEN_FOLDERS_MAX, FTW_DEPTH | FTW_PHYS);
  for (const char *const *part = (const char *const[]){"inode", "lost", "tree", NULL}; *part != NULL; part++) {
    path_t inner;
    power_path(inner, "%s/%s/", durable, *part);
    mkdir(durable, 0755);
    make_parents(inner);
  }
  if (exists(ready)) return;
  sync_folder("", WHOLE);
  close_raw(open_needed(ready, O_WRONLY | O_CREAT));
}

void durable_sync(int fd, const char *name, bool torn) {
  struct statx file;
  pthread_mutex_lock(&lock);
  bool names = identify(fd, "", &file) && S_ISDIR(file.stx_mode);
  if (names && !torn) sync_folder(name, NAMES);
  if (!names) sync_file(fd, name, torn, false);
  pthread_mutex_unlock(&lock);
}

void durable_sync_failed(int fd, const char *name) {
  pthread_mutex_lock(&lock);
  sync_file(fd, name, false, true);
  pthread_mutex_unlock(&lock);
}

static int open_lost(int fd) {
  struct statx file;
  path_t lost;
  if (!some_lost || !identify(fd, "", &file)) return -1;
  key_path(lost, "lost", &file);
  return open_raw(lost, O_RDWR);
}

/** A block written again is dirty again: the next fsync brings it over. */
void durable_wrote(int fd, off_t at, ssize_t length) {
  int lost = length > 0 ? open_lost(fd) : -1;
  for (off_t block = at / BLOCK; lost >= 0 && block <= (at + length - 1) / BLOCK; block++)
    if (is_lost(lost, block * BLOCK)) syscall(SYS_pwrite64, lost, "\0", 1L, block);
  if (lost >= 0) close_raw(lost);
}

void durable_truncated(int fd, off_t size) {
  int lost = open_lost(fd);
  struct statx marks;
  if (lost < 0) return;
  if (identify(lost, "", &marks) && (off_t)marks.stx_size > size / BLOCK) syscall(SYS_ftruncate, lost, size / BLOCK);
  close_raw(lost);
}

// The file that an unlink or a rename is about to remove. From before the call until after it nobody else may look at
// names: between the two an fsync of the folder would take the old file for a new and empty one.
static struct statx leaving;

static void note_leaving(const char *name) {
  path_t real;
  power_path(real, "%s/%s", folder, name);
  if (!identify(AT_FDCWD, real, &leaving) || !S_ISREG(leaving.stx_mode)) leaving.stx_nlink = 0;
}

void durable_before_unlink(const char *name) {
  pthread_mutex_lock(&lock);
  note_leaving(name);
}

void durable_before_rename(const char *from, const char *to) {
  struct statx file;
  path_t real, inode;
  power_path(real, "%s/%s", folder, from);
  pthread_mutex_lock(&lock);
  note_leaving(to);
  if (!identify(AT_FDCWD, real, &file) || !S_ISREG(file.stx_mode)) return;
  if (leaving.stx_ino == file.stx_ino) leaving.stx_nlink = 0;
  // Known from now on: an fsync through the moved file's descriptor keeps its bytes, but not the name it moved to.
  key_path(inode, "inode", &file);
  close_raw(open_needed(inode, O_RDWR | O_CREAT));
}

void durable_after(bool happened) {
  path_t gone;
  if (happened && leaving.stx_nlink == 1) { // The next file may get its inode number within the same tick of the clock.
    key_path(gone, "inode", &leaving);
    syscall(SYS_unlinkat, AT_FDCWD, gone, 0);
    key_path(gone, "lost", &leaving);
    syscall(SYS_unlinkat, AT_FDCWD, gone, 0);
  }
  pthread_mutex_unlock(&lock);
}
