// undo ROOT JOURNAL [SEED]: takes back what was not synced when the process was killed. With a seed, the disk has kept
// some of the unsynced writes anyway, as disks do. Exits 3 when the shim met a call that it cannot undo.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "journal.h"

static const char *journal_folder;
static uint64_t seed, draws;
static int taken_back, files_changed, names_changed;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static char *read_whole(const char *path, int64_t *length)
{
    int fd = open(path, O_RDONLY);
    struct stat status;
    if (fd < 0) return NULL;
    if (fstat(fd, &status) != 0) fail(path);
    char *bytes = malloc(status.st_size + 1);
    for (*length = 0; *length < status.st_size;) {
        ssize_t got = read(fd, bytes + *length, status.st_size - *length);
        if (got <= 0) fail(path);
        *length += got;
    }
    close(fd);
    return bytes;
}

// Whether the disk kept this unsynced write.
static int kept(void)
{
    if (seed == 0) return 0;
    uint64_t mixed = (seed << 32) + ++draws;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
    return mixed >> 63;
}

static void restore(int fd, const struct content *record, int64_t *kept_end)
{
    if (kept()) {
        if (record->offset + record->written > *kept_end) *kept_end = record->offset + record->written;
        return;
    }
    if (record->saved > 0 && pwrite(fd, record + 1, record->saved, record->offset) != record->saved) fail("restore");
    if (*kept_end <= record->size) {
        if (ftruncate(fd, record->size) != 0) fail("restore size");
    } else {
        // A later write survived beyond: this one is a hole of zeroes before it.
        int64_t from = record->offset > record->size ? record->offset : record->size;
        for (char zero = 0; from < record->offset + record->written; from++)
            if (pwrite(fd, &zero, 1, from) != 1) fail("restore hole");
    }
    taken_back++;
}

static int restore_file(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)where;
    size_t name_length = strlen(path);
    if (type != FTW_F) return 0;
    if (name_length > 4 && strcmp(path + name_length - 4, "-shm") == 0) return unlink(path);
    char journal[PATH_MAX];
    int64_t length, count = 0, durable = 0, kept_end = 0;
    snprintf(journal, sizeof journal, "%s/%llu.content", journal_folder, (unsigned long long)status->st_ino);
    char *bytes = read_whole(journal, &length);
    if (!bytes) return 0;
    int64_t *starts = malloc((length / sizeof(struct content) + 1) * sizeof *starts);
    for (int64_t at = 0; at + (int64_t)sizeof(struct content) <= length;) {
        struct content *record = (struct content *)(bytes + at);
        int64_t next = at + sizeof *record + record->saved;
        // The last record may be half written: then its change was not made.
        if (next > length) break;
        if (record->magic != MAGIC) { fprintf(stderr, "%s is damaged at %lld\n", journal, (long long)at); exit(1); }
        if (record->kind == SYNCED) durable = record->offset > durable ? record->offset : durable;
        else starts[count++] = at;
        at = next;
    }
    int before = taken_back, fd = open(path, O_WRONLY);
    if (fd < 0) fail(path);
    while (count > 0 && starts[count - 1] >= durable) restore(fd, (struct content *)(bytes + starts[--count]), &kept_end);
    close(fd);
    free(starts);
    free(bytes);
    files_changed += taken_back > before;
    return 0;
}

static int remove_any(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status, (void)type, (void)where;
    return remove(path);
}

static void restore_name(const struct name *record)
{
    char first[PATH_MAX], second[PATH_MAX];
    struct stat status;
    snprintf(first, sizeof first, "%.*s", (int)record->length1, (const char *)(record + 1));
    snprintf(second, sizeof second, "%.*s", (int)record->length2, (const char *)(record + 1) + record->length1);
    switch (record->kind) {
    case CREATED:
        if (lstat(first, &status) == 0 && nftw(first, remove_any, 16, FTW_DEPTH | FTW_PHYS) != 0) fail(first);
        break;
    case REMOVED:
        if (lstat(first, &status) != 0 && link(second, first) != 0 && errno != ENOENT) fail(first);
        break;
    case RENAMED:
        if (lstat(first, &status) != 0 && rename(second, first) != 0 && errno != ENOENT) fail(second);
        break;
    }
    names_changed++;
}

static void restore_names(void)
{
    char path[PATH_MAX];
    int64_t length, count = 0;
    snprintf(path, sizeof path, "%s/names", journal_folder);
    char *bytes = read_whole(path, &length);
    if (!bytes) fail(path);
    int64_t *starts = malloc((length / sizeof(struct name) + 1) * sizeof *starts);
    for (int64_t at = 0; at + (int64_t)sizeof(struct name) <= length;) {
        struct name *record = (struct name *)(bytes + at);
        int64_t next = at + sizeof *record + record->length1 + record->length2;
        if (next > length) break;
        if (record->kind == DIRECTORY_SYNCED) {
            int64_t left = 0;
            for (int64_t i = 0; i < count; i++) {
                struct name *earlier = (struct name *)(bytes + starts[i]);
                if (earlier->directory != record->directory || starts[i] >= record->upto) starts[left++] = starts[i];
            }
            count = left;
        } else starts[count++] = at;
        at = next;
    }
    while (count > 0) restore_name((struct name *)(bytes + starts[--count]));
    free(starts);
    free(bytes);
}

int main(int argc, char **argv)
{
    if (argc < 3) { fprintf(stderr, "undo ROOT JOURNAL [SEED]\n"); return 2; }
    journal_folder = argv[2];
    seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
    restore_names();
    if (nftw(argv[1], restore_file, 16, FTW_PHYS) != 0) fail(argv[1]);
    printf("took back %d writes in %d files and %d names\n", taken_back, files_changed, names_changed);
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/violations", journal_folder);
    int64_t length;
    char *violations = read_whole(path, &length);
    if (!violations) return 0;
    fprintf(stderr, "not undone:\n%.*s", (int)length, violations);
    return 3;
}
