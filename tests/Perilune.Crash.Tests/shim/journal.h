// What forget.c writes down before a change and undo.c reads after the kill.
//
// FORGET_JOURNAL/<inode>.content   one per changed file: struct content records, each followed by `saved` old bytes
// FORGET_JOURNAL/names             creations, removals and renames: struct name records, each followed by two strings
// FORGET_JOURNAL/gone.<n>          a second link to a file that was removed or replaced
// FORGET_JOURNAL/violations        calls that change files in a way the shim cannot undo
#include <stdint.h>

#define MAGIC 0x46524754u

enum content_kind { WRITTEN = 1, SYNCED = 2 };

struct __attribute__((packed)) content {
    uint32_t magic, kind;
    int64_t offset;  // of the change; SYNCED: records that begin before this journal offset are durable
    int64_t saved;   // old bytes that follow this record
    int64_t written; // bytes that the change wrote
    int64_t size;    // of the file before the change
};

enum name_kind { CREATED = 1, REMOVED = 2, RENAMED = 3, DIRECTORY_SYNCED = 4 };

struct __attribute__((packed)) name {
    uint32_t magic, kind;
    uint64_t directory;         // its inode: the change is durable once this directory is synced
    int64_t upto;               // DIRECTORY_SYNCED: its records that begin before this journal offset are durable
    uint32_t length1, length2;  // CREATED path; REMOVED path, link; RENAMED from, to
};
