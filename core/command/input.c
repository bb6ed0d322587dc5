/* input.c: octets of a file or of standard input, up to a limit and not one further. */
#define _POSIX_C_SOURCE 200809L /* open, read */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_BLOCK = 65536 };

/* Grows the block to `size` octets; false if there is no memory. */
static bool resize(struct input *in, size_t size)
{
    uint8_t *p = realloc(in->p, size);
    if (p != NULL) {
        in->p = p;
    }
    return p != NULL;
}

/* read(2) and not stdio, which would take more from a pipe than was asked for. */
static bool fill(int fd, size_t limit, struct input *in)
{
    size_t room = 0;
    while (in->n < limit) {
        if (in->n == room) {
            size_t next = room == 0 ? FIRST_BLOCK : room * 2;
            room = next < limit ? next : limit;
            if (!resize(in, room)) {
                return false;
            }
        }
        ssize_t got = read(fd, in->p + in->n, room - in->n);
        if (got == 0) {
            break;
        }
        if (got > 0) {
            in->n += (size_t)got;
        } else if (errno != EINTR) {
            return false;
        }
    }
    if (in->n == 0) {
        free(in->p);
        in->p = NULL;
        return true;
    }
    return resize(in, in->n);
}

bool input_read(const char *name, size_t limit, struct input *out)
{
    bool standard = strcmp(name, "-") == 0;
    *out = (struct input){ 0 };
    int fd = standard ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    bool read_whole = fd >= 0 && fill(fd, limit, out);
    int why = errno;
    if (fd >= 0 && !standard) {
        close(fd);
    }
    if (!read_whole) {
        free(out->p);
        *out = (struct input){ 0 };
        command_error("cannot read %s: %s", standard ? "standard input" : name, strerror(why));
    }
    return read_whole;
}
