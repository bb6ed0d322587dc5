/* replay.c: the one replay driver: runs a target over files, and over all files of directories,
 * on any compiler and sanitizer. Prints `N inputs, ok`.
 *
 *     replay [--quiet] FILE|DIRECTORY...
 *
 * Exit 0: all ran. 2: bad arguments, or a file that cannot be read. A broken check or a sanitizer
 * ends the process by its own means; the file is named on stderr before that.
 */
#define _POSIX_C_SOURCE 200809L /* scandir() */

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

#define PATH_SIZE 4096

/* Sanitizers ask these for their settings: they shall abort, and so reach on_signal(). */
const char *__asan_default_options(void);
const char *__msan_default_options(void);
const char *__ubsan_default_options(void);

const char *__asan_default_options(void)
{
    return "abort_on_error=1";
}

const char *__msan_default_options(void)
{
    return "abort_on_error=1";
}

const char *__ubsan_default_options(void)
{
    return "abort_on_error=1:print_stacktrace=1";
}

static char running[PATH_SIZE]; /* the input at work; empty between inputs */
static unsigned long inputs;

static void name_the_input(void)
{
    if (running[0] != '\0') {
        static const char head[] = "replay: failed on ";
        (void)!write(STDERR_FILENO, head, sizeof head - 1);
        (void)!write(STDERR_FILENO, running, strlen(running));
        (void)!write(STDERR_FILENO, "\n", 1);
    }
}

/* local-bounds says nothing of itself. */
static void name_the_trap(int number)
{
    if (number == SIGILL || number == SIGTRAP) {
        static const char trap[] = "replay: a trap, as -fsanitize=local-bounds has it\n";
        (void)!write(STDERR_FILENO, trap, sizeof trap - 1);
    }
}

static void on_signal(int number)
{
    name_the_trap(number);
    name_the_input();
    signal(number, SIG_DFL);
    raise(number);
}

/* A sanitizer that has a handler of its own for a signal keeps it, and aborts in the end. */
static void catch_signals(void)
{
    static const int numbers[] = { SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        void (*before)(int) = signal(numbers[i], on_signal);
        if (before != SIG_DFL) {
            signal(numbers[i], before);
        }
    }
}

static int unusable(const char *path, const char *why)
{
    fprintf(stderr, "replay: %s: %s\n", path, why);
    running[0] = '\0';
    return 2;
}

/* Reads a whole file into a block of its exact size. Returns 0, or 2 after saying what failed. */
static int read_file(const char *path, size_t size, uint8_t **out)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return unusable(path, strerror(errno));
    }
    uint8_t *block = fuzz_block(size);
    size_t got = size == 0 ? 0 : fread(block, 1, size, file);
    fclose(file);
    if (got != size) {
        free(block);
        return unusable(path, "could not be read whole");
    }
    *out = block;
    return 0;
}

static int replay_file(const char *path, size_t size)
{
    uint8_t *block = NULL;
    int failed = read_file(path, size, &block);
    if (failed != 0) {
        return failed;
    }
    snprintf(running, sizeof running, "%s", path);
    (void)LLVMFuzzerTestOneInput(block, size);
    running[0] = '\0';
    inputs++;
    free(block);
    return 0;
}

static int replay_path(const char *path);

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* In the order of names, so that two runs print and fail alike. */
static int replay_directory(const char *path)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, visible, by_name);
    if (count < 0) {
        return unusable(path, strerror(errno));
    }
    int failed = 0;
    for (int i = 0; i < count; i++) {
        char inner[PATH_SIZE];
        int length = snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name);
        if (failed == 0) {
            failed = length < PATH_SIZE ? replay_path(inner) : unusable(path, "name too long");
        }
        free(entries[i]);
    }
    free(entries);
    return failed;
}

static int replay_path(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0) {
        return unusable(path, strerror(errno));
    }
    if (S_ISDIR(about.st_mode)) {
        return replay_directory(path);
    }
    if (!S_ISREG(about.st_mode)) {
        return unusable(path, "neither a file nor a directory");
    }
    return replay_file(path, (size_t)about.st_size);
}

int main(int argc, char **argv)
{
    int first = 1;
    int quiet = argc > 1 && strcmp(argv[1], "--quiet") == 0;
    first += quiet;
    if (first >= argc) {
        fprintf(stderr, "usage: replay [--quiet] FILE|DIRECTORY...\n");
        return 2;
    }
    catch_signals();
    for (int i = first; i < argc; i++) {
        int failed = replay_path(argv[i]);
        if (failed != 0) {
            return failed;
        }
    }
    if (inputs == 0) {
        fprintf(stderr, "replay: no input in what was named\n");
        return 2;
    }
    if (!quiet) {
        printf("%lu inputs, ok\n", inputs);
    }
    return 0;
}
