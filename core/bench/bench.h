/* bench.h: what a subject of the benchmark is. A program is run.c, and files that list subjects;
 * run.c times any of them alike, and knows nothing of what they are made of.
 */
#ifndef UPHELD_BENCH_H
#define UPHELD_BENCH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Room for any answer. */
#define BENCH_ANSWER_SIZE 1024

/* Reads one input of n octets at p and writes the answer to it to out, which has room for
 * BENCH_ANSWER_SIZE octets. Returns how many were written; 0: no answer. */
typedef size_t bench_answer(const uint8_t *p, size_t n, uint8_t *out);

struct bench_subject {
    const char *name;
    /* What it is given, and gives: "handshake" a whole head for a whole 101; "accept" the 24 octets
     * of a key for the 28 of an accept value; "wide" like "handshake", with every limit raised. */
    const char *kind;
    bench_answer *answer;
};

/* The subjects of this program; the last one's name is null. */
extern const struct bench_subject BENCH_SUBJECTS[];

#ifdef __cplusplus
}
#endif

#endif
