// What the parts of the power shim share: shim.c stands before libc, orders.c says what fails, durable.c is the disk.
#pragma once

#undef _FORTIFY_SOURCE // It would turn open() into an inline wrapper, and open() is defined here.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

_Static_assert(sizeof(long) == 8, "raw 64-bit offsets go through syscall(2): a 64-bit machine is needed");

/** A path inside the watched folder, without the folder; the folder itself is "". */
typedef char path_t[PATH_MAX];

/** Ends the process with a sentence: a shim that cannot do its work must never look like a fault of the product. */
__attribute__((noreturn, format(printf, 1, 2))) void power_stop(const char *format, ...);
__attribute__((format(printf, 2, 3))) void power_path(path_t out, const char *format, ...);

// ---- orders.c: what becomes of an operation

enum kind { WRITE, FSYNC, RENAME, UNLINK, TRUNCATE, CREATE, KINDS };

struct fate {
  int error;       // Fails with this errno, and the disk is not touched.
  bool torn, last; // Is done by half; is the last thing that this process does.
};

/** Takes the orders from the environment, unless another process that shares the control file did so already. */
void orders_start(const char *control_path);
/** Counts the operation; does not return when the process is to die before it. */
struct fate decide(enum kind kind);
/** Ends an operation: it may have been the last one. */
long done(struct fate fate, long result);
/** Bytes that a write has taken. */
void count_written(long bytes);
int64_t slow_fsync_us(void);
/** How many times as long as it took each fsync is to take. */
int64_t slow_fsync_times(void);

// ---- durable.c: what the disk still holds when the power is gone

/** Keeps in `durable` what a disk under `folder` would still hold; what is there already counts as durable. */
void durable_start(const char *folder, const char *durable);
bool durable_wanted(void);
/** fsync of a file or folder; `torn` keeps only every other changed sector. */
void durable_sync(int fd, const char *name, bool torn);
/** An fsync that failed: the dirty blocks count as clean from now on, so that no later fsync brings them back. */
void durable_sync_failed(int fd, const char *name);
void durable_wrote(int fd, off_t at, ssize_t length);
void durable_truncated(int fd, off_t size);
void durable_before_rename(const char *from, const char *to);
void durable_before_unlink(const char *name);
/** Has to follow each of the two, with what became of the call. */
void durable_after(bool happened);
