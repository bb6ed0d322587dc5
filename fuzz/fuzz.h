/* fuzz.h: what every target shares. A target is one function of raw octets; it keeps nothing
 * between calls, and the same octets always give the same result.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The entry that libFuzzer, the AFL++ driver and the replay driver call. Always returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Stops at once when `holds` is false. `clause` is the id that is broken, `what` says what was
 * expected, in words that a reader of the RFC knows. */
#define FUZZ_CHECK(holds, clause, what)                                                            \
    ((holds) ? (void)0 : fuzz_broken(__FILE__, __LINE__, (clause), (what), #holds))

static inline void fuzz_broken(const char *file, int line, const char *clause, const char *what,
                               const char *condition)
{
    fprintf(stderr, "FUZZ_CHECK broken: %s: %s [%s:%d: %s]\n", clause, what, file, line, condition);
    abort();
}

/* A block of n octets on the heap; null if n is 0, which the core must bear as well. */
static inline uint8_t *fuzz_block(size_t n)
{
    if (n == 0) {
        return NULL;
    }
    uint8_t *block = malloc(n);
    if (block == NULL) {
        fprintf(stderr, "fuzz: out of memory for %zu octets\n", n);
        abort();
    }
    return block;
}

/* A copy of p[0 .. n-1] in a block of its exact size: one octet over is an ASan report. */
static inline uint8_t *fuzz_own(const uint8_t *p, size_t n)
{
    uint8_t *block = fuzz_block(n);
    if (n > 0) {
        memcpy(block, p, n);
    }
    return block;
}

#endif
