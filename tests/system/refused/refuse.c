/* A system that refuses: the call named in REFUSE_CALL gives the error REFUSE_ERROR once, after REFUSE_AFTER calls that
   it lets pass; of calls that take a path only those count whose path holds REFUSE_PATH. Then the file REFUSE_TOLD is
   made. Preloaded before the C library. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_int seen;
static DIR *_Atomic watched;

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int number(const char *name) {
    const char *text = getenv(name);
    return text ? atoi(text) : 0;
}

static int refused(const char *call, const char *path) {
    const char *named = getenv("REFUSE_CALL"), *part = getenv("REFUSE_PATH");
    if (!named || strcmp(named, call) != 0 || (path && part && !strstr(path, part)))
        return 0;
    if (atomic_fetch_add(&seen, 1) != number("REFUSE_AFTER"))
        return 0;
    const char *told = getenv("REFUSE_TOLD");
    int file = told ? NEXT(open)(told, O_CREAT | O_WRONLY, 0600) : -1;
    if (file >= 0)
        close(file);
    errno = number("REFUSE_ERROR");
    return 1;
}

#define OPEN(name)                                             \
    int name(const char *path, int flags, ...) {               \
        va_list rest;                                          \
        va_start(rest, flags);                                 \
        int mode = va_arg(rest, int);                          \
        va_end(rest);                                          \
        return refused("open", path) ? -1 : NEXT(name)(path, flags, mode); \
    }

OPEN(open)
OPEN(open64)

DIR *opendir(const char *path) {
    if (refused("opendir", path))
        return NULL;
    DIR *folder = NEXT(opendir)(path);
    const char *part = getenv("REFUSE_PATH");
    if (part && strstr(path, part))
        watched = folder;
    return folder;
}

struct dirent64 *readdir64(DIR *folder) {
    return folder == watched && refused("readdir", getenv("REFUSE_PATH")) ? NULL : NEXT(readdir64)(folder);
}

int rename(const char *from, const char *to) { return refused("rename", to) ? -1 : NEXT(rename)(from, to); }

char *getcwd(char *buffer, size_t size) { return refused("getcwd", NULL) ? NULL : NEXT(getcwd)(buffer, size); }

int sigaction(int signal, const struct sigaction *new, struct sigaction *old) {
    return signal == SIGINT && refused("sigaction", NULL) ? -1 : NEXT(sigaction)(signal, new, old);
}

int inotify_init1(int flags) {
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "inotify_init1");
    return refused("inotify_init", NULL) ? -1 : next(flags);
}

int inotify_add_watch(int fd, const char *path, unsigned mask) {
    int (*next)(int, const char *, unsigned) = (int (*)(int, const char *, unsigned))dlsym(RTLD_NEXT, "inotify_add_watch");
    return refused("inotify_add_watch", path) ? -1 : next(fd, path, mask);
}
