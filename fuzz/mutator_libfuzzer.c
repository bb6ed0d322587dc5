/* mutator_libfuzzer.c: the mutator as libFuzzer calls it. Half of all changes are libFuzzer's own:
 * of two calls one is to cross, which takes one in four itself and leaves libFuzzer to choose
 * again, so that four of five changes come by LLVMFuzzerCustomMutator(); five of eight of those go
 * on to LLVMFuzzerMutate(). So do inputs in which nothing applies.
 *
 * UPHELD_MUTATOR=no in the environment turns it off, to measure what it is worth.
 */
#include <stdlib.h>
#include <string.h>

#include "mutator.h"

#define CROSSES_IN 4 /* one of so many calls crosses */
#define SHARES 8     /* of which so many are libFuzzer's */
#define ITS_OWN 5

/* Engines that are no libFuzzer may lack it. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two,
                                 size_t two_size, uint8_t *out, size_t max_size, unsigned seed);

static bool is_off(void)
{
    const char *said = getenv("UPHELD_MUTATOR");
    return said != NULL && strcmp(said, "no") == 0;
}

static size_t engines_own(uint8_t *data, size_t size, size_t max_size)
{
    return LLVMFuzzerMutate == NULL ? size : LLVMFuzzerMutate(data, size, max_size);
}

/* Most change once: libFuzzer calls again for what it has just tried. */
static unsigned steps_of(unsigned seed)
{
    return seed / SHARES % 4 == 0 ? 2 : 1;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    if (is_off() || seed % SHARES < ITS_OWN) {
        return engines_own(data, size, max_size);
    }
    size_t changed = mutator_change(data, size, max_size, steps_of(seed), seed);
    return changed > 0 ? changed : engines_own(data, size, max_size);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two,
                                 size_t two_size, uint8_t *out, size_t max_size, unsigned seed)
{
    if (is_off() || seed % CROSSES_IN != 0) {
        return 0;
    }
    return mutator_cross(one, one_size, two, two_size, out, max_size, seed);
}
