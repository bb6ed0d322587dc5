/* mutator_afl.c: the mutator as AFL++ 4.04c calls it, in a shared object that
 * AFL_CUSTOM_MUTATOR_LIBRARY names. For each entry of its queue AFL++ calls it a number of times
 * that is asked for here, and then goes on to havoc, which comes as often for an entry of ordinary
 * speed, and longer while it finds something, and to splicing: about half stays AFL++'s own.
 * AFL_CUSTOM_MUTATOR_ONLY would take that away, and is not set.
 *
 * AFL++ keeps what afl_custom_init() gives and hands it to each call: a block for the result, which
 * AFL++ wants the mutator to own, and the number of the call, so that the seed that AFL++ gives at
 * the start decides all of them.
 */
#include <stdlib.h>
#include <string.h>

#include "mutator.h"

#define ROOM (1u << 20) /* AFL++'s own most, MAX_FILE */
#define CROSSES_IN 5    /* one of so many calls crosses with another entry */
#define CALLS 256       /* for an entry of the queue; HAVOC_CYCLES of AFL++ */
#define STEPS_MAX 4     /* AFL++ stacks no changes of a custom mutator, so they are stacked here */

struct state {
    uint64_t seed, calls;
    uint8_t *room;
};

void *afl_custom_init(void *afl, unsigned seed);
size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t buf_size, uint8_t **out_buf,
                       uint8_t *add_buf, size_t add_buf_size, size_t max_size);
unsigned afl_custom_fuzz_count(void *data, const uint8_t *buf, size_t buf_size);
void afl_custom_deinit(void *data);

void *afl_custom_init(void *afl, unsigned seed)
{
    struct state *state = malloc(sizeof *state);
    uint8_t *room = malloc(ROOM);

    (void)afl;
    if (state == NULL || room == NULL) {
        free(state);
        free(room);
        return NULL;
    }
    *state = (struct state){ .seed = (uint64_t)seed << 32, .room = room };
    return state;
}

size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t buf_size, uint8_t **out_buf,
                       uint8_t *add_buf, size_t add_buf_size, size_t max_size)
{
    struct state *state = data;
    uint64_t seed = state->seed + state->calls++;
    size_t most = max_size < ROOM ? max_size : ROOM, n = 0;

    *out_buf = state->room;
    if (buf_size > most) {
        return 0;
    }
    if (add_buf != NULL && seed % CROSSES_IN == 0) {
        n = mutator_cross(buf, buf_size, add_buf, add_buf_size, state->room, most, seed);
    }
    if (n == 0) {
        memcpy(state->room, buf, buf_size);
        n = mutator_change(state->room, buf_size, most, 1 + (unsigned)(seed % STEPS_MAX), seed);
    }
    return n;
}

unsigned afl_custom_fuzz_count(void *data, const uint8_t *buf, size_t buf_size)
{
    (void)data;
    (void)buf;
    (void)buf_size;
    return CALLS;
}

void afl_custom_deinit(void *data)
{
    struct state *state = data;
    free(state->room);
    free(state);
}
