// Preloaded into the server, makes the disk below FULL_ROOT as small as FULL_BYTES: whatever would make the files there
// larger in sum fails with ENOSPC. "-shm" files are left out: they are shared memory.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static int64_t limit, used;

__attribute__((constructor)) static void start(void)
{
    const char *folder = getenv("FULL_ROOT"), *bytes = getenv("FULL_BYTES");
    if (folder && bytes && realpath(folder, root)) limit = atoll(bytes);
}

static int is_shared_memory(const char *path)
{
    size_t length = strlen(path);
    return length > 4 && strcmp(path + length - 4, "-shm") == 0;
}

// What a file takes: its length, or what is reserved for one that is empty. Of others, file systems reserve as they like.
static int64_t size_of(const struct stat *status)
{
    return status->st_size > 0 ? status->st_size : (int64_t)status->st_blocks * 512;
}

static int add(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)place;
    if (kind == FTW_F && !is_shared_memory(path)) used += size_of(status);
    return 0;
}

static int is_ours(int fd, struct stat *status)
{
    char link[64], path[PATH_MAX];
    if (limit == 0 || fstat(fd, status) != 0 || !S_ISREG(status->st_mode)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strncmp(path, root, strlen(root)) == 0 && !is_shared_memory(path);
}

// Whether the file may reach so far.
static int fits(int fd, int64_t end)
{
    struct stat status;
    if (!is_ours(fd, &status) || end <= size_of(&status)) return 1;
    pthread_mutex_lock(&lock);
    used = end - size_of(&status);
    nftw(root, add, 16, FTW_PHYS);
    int enough = used <= limit;
    pthread_mutex_unlock(&lock);
    if (!enough) errno = ENOSPC;
    return enough;
}

EXPORT ssize_t write(int fd, const void *bytes, size_t count)
{
    return fits(fd, lseek(fd, 0, SEEK_CUR) + (int64_t)count) ? syscall(SYS_write, fd, bytes, count) : -1;
}

EXPORT ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset)
{
    return fits(fd, offset + (int64_t)count) ? syscall(SYS_pwrite64, fd, bytes, count, offset) : -1;
}

EXPORT ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return pwrite64(fd, bytes, count, offset); }

EXPORT int ftruncate64(int fd, off64_t length) { return fits(fd, length) ? (int)syscall(SYS_ftruncate, fd, length) : -1; }

EXPORT int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

EXPORT int fallocate64(int fd, int mode, off64_t offset, off64_t count)
{
    return fits(fd, offset + count) ? (int)syscall(SYS_fallocate, fd, mode, offset, count) : -1;
}

EXPORT int fallocate(int fd, int mode, off_t offset, off_t count) { return fallocate64(fd, mode, offset, count); }

EXPORT int posix_fallocate64(int fd, off64_t offset, off64_t count) { return fallocate64(fd, 0, offset, count) == 0 ? 0 : errno; }

EXPORT int posix_fallocate(int fd, off_t offset, off_t count) { return posix_fallocate64(fd, offset, count); }
