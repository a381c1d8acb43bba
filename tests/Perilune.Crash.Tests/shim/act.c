// act STEP...: changes files as told, then kills itself; for the tests of the shim.
//   create F | write F TEXT | at F OFFSET TEXT | cut F LENGTH | sync F | mkdir D | syncdir D | rename F G | remove F | map F
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int check(int result, const char *step)
{
    if (result < 0) { perror(step); exit(1); }
    return result;
}

int main(int argc, char **argv)
{
    (void)argc;
    for (char **step = argv + 1; *step; step++) {
        const char *verb = *step, *file = *++step;
        if (!strcmp(verb, "mkdir")) check(mkdir(file, 0700), verb);
        else if (!strcmp(verb, "remove")) check(unlink(file), verb);
        else if (!strcmp(verb, "rename")) check(rename(file, *++step), verb);
        else if (!strcmp(verb, "syncdir")) check(fsync(check(open(file, O_RDONLY | O_DIRECTORY), verb)), verb);
        else {
            int fd = check(open(file, !strcmp(verb, "create") ? O_CREAT | O_EXCL | O_RDWR : O_RDWR, 0600), verb);
            if (!strcmp(verb, "write")) { lseek(fd, 0, SEEK_END); ++step; check(write(fd, *step, strlen(*step)), verb); }
            else if (!strcmp(verb, "at")) { long at = atol(*++step); ++step; check(pwrite(fd, *step, strlen(*step), at), verb); }
            else if (!strcmp(verb, "cut")) check(ftruncate(fd, atol(*++step)), verb);
            else if (!strcmp(verb, "sync")) check(fdatasync(fd), verb);
            else if (!strcmp(verb, "map")) check(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED ? -1 : 0, verb);
            close(fd);
        }
    }
    raise(SIGKILL);
}
