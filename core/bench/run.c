/* run.c: the program around the subjects. Reads the inputs once, then commands from stdin, one a
 * line, and replies with lines; so that somebody else can run several programs by turns.
 *
 *     run NAME=FILE...        inputs: each FILE holds requests, each behind its size, 4 octets
 *                             with the least significant first
 *
 *     list                    NAME KIND of every subject, then an empty line
 *     answers SUBJECT INPUT   the answer to each request in hex, `-` for none; then an empty line
 *     time SUBJECT INPUT N    N passes over the input: nanoseconds of processor time, and the
 *                             octets that were written
 *
 * Whatever cannot be used ends the program with one line on stderr and status 2.
 */
#include "bench.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define INPUTS_MAX 32
#define WORD_MAX 64

struct request {
    const uint8_t *p;
    size_t n;
};

struct input {
    const char *name;
    uint8_t *octets; /* the whole file, which the requests lie in */
    struct request *requests;
    size_t count;
};

static struct input INPUTS[INPUTS_MAX];
static size_t INPUT_COUNT;

__attribute__((format(printf, 1, 2), noreturn)) static void die(const char *format, ...)
{
    va_list rest;
    va_start(rest, format);
    fputs("bench: ", stderr);
    vfprintf(stderr, format, rest);
    fputc('\n', stderr);
    va_end(rest);
    exit(2);
}

static void *take(size_t size)
{
    void *got = malloc(size > 0 ? size : 1);
    if (got == NULL) {
        die("no memory for %zu octets", size);
    }
    return got;
}

static uint8_t *file_read(const char *path, size_t *out_size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        die("%s: cannot be read; run `make bench`, which writes the inputs", path);
    }
    long end = ftell(file);
    if (end < 0 || fseek(file, 0, SEEK_SET) != 0) {
        die("%s: its size is not to be had", path);
    }
    uint8_t *octets = take((size_t)end);
    if (fread(octets, 1, (size_t)end, file) != (size_t)end) {
        die("%s: shorter than it was", path);
    }
    if (fclose(file) != 0) {
        die("%s: cannot be closed", path);
    }
    *out_size = (size_t)end;
    return octets;
}

/* How many requests the octets hold; sets them where `into` is not null. */
static size_t requests_of(const char *path, const uint8_t *octets, size_t size,
                          struct request *into)
{
    size_t count = 0;
    for (size_t at = 0; at < size; count++) {
        if (size - at < 4) {
            die("%s: at octet %zu: expected the 4 octets of a size", path, at);
        }
        const uint8_t *s = octets + at;
        size_t n = s[0] | (size_t)s[1] << 8 | (size_t)s[2] << 16 | (size_t)s[3] << 24;
        at += 4;
        if (n > size - at) {
            die("%s: at octet %zu: expected %zu octets, there are %zu", path, at, n, size - at);
        }
        if (into != NULL) {
            into[count] = (struct request){ octets + at, n };
        }
        at += n;
    }
    return count;
}

static void input_add(char *argument)
{
    char *path = strchr(argument, '=');
    if (path == NULL || INPUT_COUNT == INPUTS_MAX) {
        die("%s: expected NAME=FILE, at most %d of them", argument, INPUTS_MAX);
    }
    *path++ = '\0';
    size_t size;
    uint8_t *octets = file_read(path, &size);
    size_t count = requests_of(path, octets, size, NULL);
    if (count == 0) {
        die("%s: no request in it", path);
    }
    struct input *input = &INPUTS[INPUT_COUNT++];
    *input = (struct input){ argument, octets, take(count * sizeof *input->requests), count };
    requests_of(path, octets, size, input->requests);
}

static void inputs_drop(void)
{
    for (size_t i = 0; i < INPUT_COUNT; i++) {
        free(INPUTS[i].requests);
        free(INPUTS[i].octets);
    }
}

static const struct input *input_named(const char *name)
{
    for (size_t i = 0; i < INPUT_COUNT; i++) {
        if (strcmp(INPUTS[i].name, name) == 0) {
            return &INPUTS[i];
        }
    }
    die("%s: no such input", name);
}

static const struct bench_subject *subject_named(const char *name)
{
    for (const struct bench_subject *s = BENCH_SUBJECTS; s->name != NULL; s++) {
        if (strcmp(s->name, name) == 0) {
            return s;
        }
    }
    die("%s: no such subject", name);
}

static void list(void)
{
    for (const struct bench_subject *s = BENCH_SUBJECTS; s->name != NULL; s++) {
        printf("%s %s\n", s->name, s->kind);
    }
    putchar('\n');
}

static void answers(const struct bench_subject *subject, const struct input *input)
{
    uint8_t out[BENCH_ANSWER_SIZE];
    for (size_t i = 0; i < input->count; i++) {
        size_t n = subject->answer(input->requests[i].p, input->requests[i].n, out);
        if (n > sizeof out) {
            die("%s: wrote %zu octets, there is room for %zu", subject->name, n, sizeof out);
        }
        for (size_t k = 0; k < n; k++) {
            printf("%02x", out[k]);
        }
        puts(n == 0 ? "-" : "");
    }
    putchar('\n');
}

/* Every request once for each pass; returns the octets written. */
static size_t passes_run(const struct bench_subject *subject, const struct input *input,
                         unsigned long passes)
{
    uint8_t out[BENCH_ANSWER_SIZE];
    size_t written = 0;
    for (unsigned long pass = 0; pass < passes; pass++) {
        for (size_t i = 0; i < input->count; i++) {
            written += subject->answer(input->requests[i].p, input->requests[i].n, out);
        }
    }
    return written;
}

/* What is measured goes through here, so that callgrind can be told by this name what to count. */
__attribute__((noinline)) static size_t
bench_measured(const struct bench_subject *subject, const struct input *input, unsigned long passes)
{
    return passes_run(subject, input, passes);
}

/* Processor time of this thread, so that other processes' turns do not count. */
static uint64_t now(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) != 0) {
        die("no clock for the processor time of a thread");
    }
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void measure(const struct bench_subject *subject, const struct input *input,
                    unsigned long passes)
{
    /* One pass, or 64 requests, to warm the caches and to bind what is bound lazily. */
    passes_run(subject, input, input->count < 64 ? 64 / input->count : 1);
    uint64_t start = now();
    size_t written = bench_measured(subject, input, passes);
    uint64_t end = now();
    printf("%llu %zu\n", (unsigned long long)(end - start), written);
}

static void obey(const char *line)
{
    char verb[WORD_MAX], subject[WORD_MAX], input[WORD_MAX];
    unsigned long passes = 0;
    int words = sscanf(line, "%63s %63s %63s %lu", verb, subject, input, &passes);
    if (words == 1 && strcmp(verb, "list") == 0) {
        list();
    } else if (words == 3 && strcmp(verb, "answers") == 0) {
        answers(subject_named(subject), input_named(input));
    } else if (words == 4 && strcmp(verb, "time") == 0 && passes > 0) {
        measure(subject_named(subject), input_named(input), passes);
    } else {
        die("expected list, answers SUBJECT INPUT, or time SUBJECT INPUT PASSES; got %s", line);
    }
    if (fflush(stdout) != 0) {
        die("nobody reads the replies");
    }
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        input_add(argv[i]);
    }
    char line[4 * WORD_MAX];
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        obey(line);
    }
    inputs_drop();
    return 0;
}
