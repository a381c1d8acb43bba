// Preloaded into the server, remembers how to take back every change below FORGET_ROOT that was not synced:
// file contents until fsync or fdatasync of the file, names until fsync of their directory. After a SIGKILL, undo.c
// does take them back, as losing power would. SHIM_IGNORE_FSYNC=1 treats syncs as not having happened.
//
// Changes are recognised by the file behind the descriptor, so it does not matter who opened it. Wrappers make the
// system calls themselves: nothing here may call a function it replaces. "-shm" files are left out: they are shared
// memory, which SQLite rebuilds.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include "journal.h"

#define EXPORT __attribute__((visibility("default")))

struct tracked { ino_t inode; int journal; int64_t length; uint64_t generation; };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX], journal_folder[PATH_MAX];
static size_t root_length;
static int active, ignore_sync, names = -1, gone_count;
static int64_t names_length;
static struct tracked files[8192];
static int file_count;

static void fail(const char *what)
{
    dprintf(2, "forget: %s: %s\n", what, strerror(errno));
    abort();
}

static int open_journal(const char *name)
{
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", journal_folder, name);
    int fd = syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) fail(path);
    return fd;
}

__attribute__((constructor)) static void start(void)
{
    const char *folder = getenv("FORGET_ROOT"), *journal = getenv("FORGET_JOURNAL"), *ignore = getenv("SHIM_IGNORE_FSYNC");
    if (!folder || !journal || !realpath(folder, root) || !realpath(journal, journal_folder)) return;
    root_length = strlen(root);
    ignore_sync = ignore && *ignore == '1';
    names = open_journal("names");
    names_length = lseek(names, 0, SEEK_END);
    active = 1;
}

static void append(int fd, const void *bytes, size_t count)
{
    for (const char *at = bytes; count > 0;) {
        ssize_t done = syscall(SYS_write, fd, at, count);
        if (done < 0 && errno != EINTR) fail("journal");
        if (done > 0) { at += done; count -= done; }
    }
}

static int ours(const char *path)
{
    size_t length = strlen(path);
    return strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || path[root_length] == 0)
        && !(length > 4 && strcmp(path + length - 4, "-shm") == 0);
}

static int path_of(int fd, char *path)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return 1;
}

static void violation(const char *call, const char *path)
{
    char line[PATH_MAX + 128];
    int fd = open_journal("violations");
    append(fd, line, snprintf(line, sizeof line, "%s %s\n", call, path));
    syscall(SYS_close, fd);
}

// ---- contents ----

static struct tracked *track(int fd, struct stat *status)
{
    char path[PATH_MAX];
    if (!active || fd < 0 || fstat(fd, status) != 0 || !S_ISREG(status->st_mode)) return NULL;
    for (int i = 0; i < file_count; i++)
        if (files[i].inode == status->st_ino) return &files[i];
    if (!path_of(fd, path) || !ours(path)) return NULL;
    if (file_count == sizeof files / sizeof *files) { errno = ENFILE; fail("too many files"); }
    char name[64];
    snprintf(name, sizeof name, "%llu.content", (unsigned long long)status->st_ino);
    files[file_count] = (struct tracked){ status->st_ino, open_journal(name), 0, 0 };
    files[file_count].length = lseek(files[file_count].journal, 0, SEEK_END);
    return &files[file_count++];
}

// Saves what the file holds at [offset, offset + count), to be called with the lock held and before the change.
static void save(int fd, struct tracked *file, const struct stat *status, int64_t offset, int64_t count, int64_t written)
{
    int64_t end = offset + count < status->st_size ? offset + count : status->st_size;
    int64_t saved = end > offset ? end - offset : 0;
    char *record = malloc(sizeof(struct content) + saved);
    if (!record) fail("memory");
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int reader = saved > 0 ? syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0) : -1;
    for (int64_t done = 0; done < saved;) {
        ssize_t got = syscall(SYS_pread64, reader, record + sizeof(struct content) + done, saved - done, offset + done);
        if (got <= 0) fail("old content");
        done += got;
    }
    if (reader >= 0) syscall(SYS_close, reader);
    *(struct content *)record = (struct content){ MAGIC, WRITTEN, offset, saved, written, status->st_size };
    append(file->journal, record, sizeof(struct content) + saved);
    file->length += sizeof(struct content) + saved;
    free(record);
}

static int64_t position(int fd, const struct stat *status)
{
    return syscall(SYS_fcntl, fd, F_GETFL) & O_APPEND ? status->st_size : syscall(SYS_lseek, fd, 0, SEEK_CUR);
}

#define CHANGE(fd, at, count, written, call)                                  \
    do {                                                                      \
        struct stat status;                                                   \
        pthread_mutex_lock(&lock);                                            \
        struct tracked *file = track(fd, &status);                            \
        if (file) save(fd, file, &status, at, count, written);                \
        long result = call;                                                   \
        int error = errno;                                                    \
        pthread_mutex_unlock(&lock);                                          \
        errno = error;                                                        \
        return result;                                                        \
    } while (0)

static int64_t total(const struct iovec *parts, int count)
{
    int64_t sum = 0;
    for (int i = 0; i < count; i++) sum += parts[i].iov_len;
    return sum;
}

static int is_file(int fd)
{
    struct stat status;
    return active && fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

EXPORT ssize_t write(int fd, const void *bytes, size_t count)
{
    // Pipes and sockets may block: they must not hold the lock.
    if (!is_file(fd)) return syscall(SYS_write, fd, bytes, count);
    CHANGE(fd, position(fd, &status), count, count, syscall(SYS_write, fd, bytes, count));
}

EXPORT ssize_t writev(int fd, const struct iovec *parts, int count)
{
    if (!is_file(fd)) return syscall(SYS_writev, fd, parts, count);
    CHANGE(fd, position(fd, &status), total(parts, count), total(parts, count), syscall(SYS_writev, fd, parts, count));
}

EXPORT ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset)
{
    CHANGE(fd, offset, count, count, syscall(SYS_pwrite64, fd, bytes, count, offset));
}

EXPORT ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset)
{
    CHANGE(fd, offset, total(parts, count), total(parts, count), syscall(SYS_pwritev, fd, parts, count, offset, 0L));
}

EXPORT int ftruncate64(int fd, off64_t length)
{
    CHANGE(fd, length, status.st_size > length ? status.st_size - length : 0, 0, syscall(SYS_ftruncate, fd, length));
}

EXPORT int fallocate64(int fd, int mode, off64_t offset, off64_t count)
{
    CHANGE(fd, offset, count, 0, syscall(SYS_fallocate, fd, mode, offset, count));
}

EXPORT int posix_fallocate64(int fd, off64_t offset, off64_t count) { return fallocate64(fd, 0, offset, count) == 0 ? 0 : errno; }
EXPORT ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return pwrite64(fd, bytes, count, offset); }
EXPORT ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) { return pwritev64(fd, parts, count, offset); }
EXPORT int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }
EXPORT int fallocate(int fd, int mode, off_t offset, off_t count) { return fallocate64(fd, mode, offset, count); }
EXPORT int posix_fallocate(int fd, off_t offset, off_t count) { return posix_fallocate64(fd, offset, count); }

// ---- names ----

// The absolute path with its folder resolved; 0 when that folder does not exist.
static int resolve(int folder, const char *path, char *full)
{
    char joined[PATH_MAX * 2 + 2], parent[PATH_MAX];
    if (path[0] == '/') snprintf(joined, sizeof joined, "%s", path);
    else if (folder == AT_FDCWD && getcwd(parent, sizeof parent)) snprintf(joined, sizeof joined, "%s/%s", parent, path);
    else if (folder != AT_FDCWD && path_of(folder, parent)) snprintf(joined, sizeof joined, "%s/%s", parent, path);
    else return 0;
    for (size_t end = strlen(joined); end > 1 && joined[end - 1] == '/';) joined[--end] = 0;
    char *slash = strrchr(joined, '/'), leaf[PATH_MAX];
    snprintf(leaf, sizeof leaf, "%s", slash + 1);
    slash[slash == joined] = 0;
    if (!realpath(joined, parent)) return 0;
    return snprintf(full, PATH_MAX, "%s/%s", strcmp(parent, "/") ? parent : "", leaf) < PATH_MAX;
}

static uint64_t parent_inode(const char *path)
{
    char parent[PATH_MAX];
    struct stat status;
    snprintf(parent, sizeof parent, "%s", path);
    *strrchr(parent, '/') = 0;
    return stat(*parent ? parent : "/", &status) == 0 ? status.st_ino : 0;
}

static void note_name(enum name_kind kind, uint64_t directory, int64_t upto, const char *first, const char *second)
{
    char record[sizeof(struct name) + 2 * PATH_MAX];
    struct name head = { MAGIC, kind, directory, upto, strlen(first), strlen(second) };
    memcpy(record, &head, sizeof head);
    memcpy(record + sizeof head, first, head.length1);
    memcpy(record + sizeof head + head.length1, second, head.length2);
    append(names, record, sizeof head + head.length1 + head.length2);
    names_length += sizeof head + head.length1 + head.length2;
}

static int exists(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

// Keeps a link to a file that is about to lose its name, so that the name can be given back.
static void note_removal(const char *path)
{
    char link[PATH_MAX + 32];
    struct stat status;
    if (lstat(path, &status) != 0) return;
    if (S_ISDIR(status.st_mode)) { violation("rmdir", path); return; }
    snprintf(link, sizeof link, "%s/gone.%d", journal_folder, gone_count++);
    if (syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, link, 0) != 0) fail(path);
    note_name(REMOVED, parent_inode(path), 0, path, link);
}

static int open_file(int folder, const char *path, int flags, mode_t mode)
{
    char full[PATH_MAX];
    if (!active || !(flags & (O_CREAT | O_TRUNC | O_DSYNC)) || !resolve(folder, path, full) || !ours(full))
        return syscall(SYS_openat, folder, path, flags, mode);
    if (flags & O_DSYNC) violation("open with O_SYNC or O_DSYNC", full);
    if ((flags & O_TMPFILE) == O_TMPFILE) violation("open with O_TMPFILE", full);
    pthread_mutex_lock(&lock);
    if (flags & O_CREAT && !exists(full)) note_name(CREATED, parent_inode(full), 0, full, "");
    else if (flags & O_TRUNC) {
        struct stat status;
        int fd = syscall(SYS_openat, AT_FDCWD, full, O_RDONLY | O_CLOEXEC, 0);
        struct tracked *file = fd >= 0 ? track(fd, &status) : NULL;
        if (file) save(fd, file, &status, 0, status.st_size, 0);
        if (fd >= 0) syscall(SYS_close, fd);
    }
    int result = syscall(SYS_openat, folder, path, flags, mode), error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

#define MODE(flags, last)                                                     \
    mode_t mode = 0;                                                          \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {                                  \
        va_list rest;                                                         \
        va_start(rest, last);                                                 \
        mode = va_arg(rest, mode_t);                                          \
        va_end(rest);                                                         \
    }

EXPORT int open(const char *path, int flags, ...) { MODE(flags, flags) return open_file(AT_FDCWD, path, flags, mode); }
EXPORT int open64(const char *path, int flags, ...) { MODE(flags, flags) return open_file(AT_FDCWD, path, flags, mode); }
EXPORT int openat(int folder, const char *path, int flags, ...) { MODE(flags, flags) return open_file(folder, path, flags, mode); }
EXPORT int openat64(int folder, const char *path, int flags, ...) { MODE(flags, flags) return open_file(folder, path, flags, mode); }
EXPORT int __open_2(const char *path, int flags) { return open_file(AT_FDCWD, path, flags, 0); }
EXPORT int __open64_2(const char *path, int flags) { return open_file(AT_FDCWD, path, flags, 0); }
EXPORT int creat(const char *path, mode_t mode) { return open_file(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
EXPORT int creat64(const char *path, mode_t mode) { return creat(path, mode); }

EXPORT int unlinkat(int folder, const char *path, int flags)
{
    char full[PATH_MAX];
    if (!active || !resolve(folder, path, full) || !ours(full)) return syscall(SYS_unlinkat, folder, path, flags);
    pthread_mutex_lock(&lock);
    note_removal(full);
    int result = syscall(SYS_unlinkat, folder, path, flags), error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

EXPORT int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
EXPORT int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

EXPORT int renameat2(int folder1, const char *path1, int folder2, const char *path2, unsigned flags)
{
    char from[PATH_MAX], to[PATH_MAX];
    if (!active || !resolve(folder1, path1, from) || !resolve(folder2, path2, to) || (!ours(from) && !ours(to)))
        return syscall(SYS_renameat2, folder1, path1, folder2, path2, flags);
    pthread_mutex_lock(&lock);
    if (exists(from)) {
        note_removal(to);
        note_name(RENAMED, parent_inode(to), 0, from, to);
    }
    int result = syscall(SYS_renameat2, folder1, path1, folder2, path2, flags), error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

EXPORT int renameat(int folder1, const char *path1, int folder2, const char *path2) { return renameat2(folder1, path1, folder2, path2, 0); }
EXPORT int rename(const char *path1, const char *path2) { return renameat2(AT_FDCWD, path1, AT_FDCWD, path2, 0); }

EXPORT int mkdirat(int folder, const char *path, mode_t mode)
{
    char full[PATH_MAX];
    if (!active || !resolve(folder, path, full) || !ours(full)) return syscall(SYS_mkdirat, folder, path, mode);
    pthread_mutex_lock(&lock);
    if (!exists(full)) note_name(CREATED, parent_inode(full), 0, full, "");
    int result = syscall(SYS_mkdirat, folder, path, mode), error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

EXPORT int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

// ---- syncs ----

static int sync_file(int fd, long call)
{
    struct stat status;
    char path[PATH_MAX];
    if (!active) return syscall(call, fd);
    if (ignore_sync && path_of(fd, path) && ours(path)) return 0;

    // What is written while the disk works is not covered: note how far the journal went before.
    pthread_mutex_lock(&lock);
    struct tracked *file = track(fd, &status);
    int directory = !file && fstat(fd, &status) == 0 && S_ISDIR(status.st_mode) && path_of(fd, path) && ours(path);
    int64_t upto = file ? file->length : names_length;
    uint64_t generation = file ? file->generation : 0;
    pthread_mutex_unlock(&lock);

    int result = syscall(call, fd), error = errno;
    pthread_mutex_lock(&lock);
    if (result == 0 && file && file->generation == generation) {
        if (file->length == upto) {
            if (syscall(SYS_ftruncate, file->journal, 0L) != 0) fail("journal");
            file->length = 0;
            file->generation++;
        } else {
            struct content mark = { MAGIC, SYNCED, upto, 0, 0, 0 };
            append(file->journal, &mark, sizeof mark);
            file->length += sizeof mark;
        }
    } else if (result == 0 && directory) note_name(DIRECTORY_SYNCED, status.st_ino, upto, "", "");
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

EXPORT int fsync(int fd) { return sync_file(fd, SYS_fsync); }
EXPORT int fdatasync(int fd) { return sync_file(fd, SYS_fdatasync); }

// ---- what cannot be undone is reported ----

static void refuse(const char *call, int fd)
{
    char path[PATH_MAX];
    if (is_file(fd) && path_of(fd, path) && ours(path)) violation(call, path);
}

EXPORT void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t offset)
{
    if (fd >= 0 && protection & PROT_WRITE && (flags & MAP_TYPE) != MAP_PRIVATE) refuse("writable mmap", fd);
    return (void *)syscall(SYS_mmap, at, length, protection, flags, fd, offset);
}

EXPORT void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset)
{
    return mmap64(at, length, protection, flags, fd, offset);
}

EXPORT ssize_t sendfile64(int out, int in, off64_t *offset, size_t count)
{
    refuse("sendfile", out);
    return syscall(SYS_sendfile, out, in, offset, count);
}

EXPORT ssize_t sendfile(int out, int in, off_t *offset, size_t count) { return sendfile64(out, in, (off64_t *)offset, count); }

EXPORT ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t count, unsigned flags)
{
    refuse("copy_file_range", out);
    return syscall(SYS_copy_file_range, in, from, out, to, count, flags);
}

// A P/Invoke looks its function up in libc by name, past the preloaded one: answer with ours.
EXPORT void *dlsym(void *library, const char *symbol)
{
    static void *(*real)(void *, const char *);
    static const struct { const char *name; void *function; } replaced[] = {
#define OURS(function) { #function, (void *)function }
        OURS(write), OURS(writev), OURS(pwrite), OURS(pwrite64), OURS(pwritev), OURS(pwritev64), OURS(ftruncate),
        OURS(ftruncate64), OURS(fallocate), OURS(posix_fallocate), OURS(open), OURS(open64), OURS(openat), OURS(openat64),
        OURS(creat), OURS(unlink), OURS(unlinkat), OURS(rmdir), OURS(rename), OURS(renameat), OURS(renameat2),
        OURS(mkdir), OURS(mkdirat), OURS(fsync), OURS(fdatasync), OURS(mmap), OURS(mmap64), OURS(sendfile),
        OURS(copy_file_range),
    };
    if (!real) {
        static const char *const versions[] = { "GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5" };
        for (size_t i = 0; !real && i < sizeof versions / sizeof *versions; i++)
            real = dlvsym(RTLD_NEXT, "dlsym", versions[i]);
        if (!real) { errno = ENOSYS; fail("dlsym"); }
    }
    for (size_t i = 0; active && i < sizeof replaced / sizeof *replaced; i++)
        if (strcmp(symbol, replaced[i].name) == 0) return replaced[i].function;
    return real(library, symbol);
}
