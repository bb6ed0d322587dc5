/* main.c: a target under honggfuzz, whose library calls LLVMFuzzerTestOneInput() for each input.
 * Inputs lie in one large block that is used again, so each goes on in a block of its exact size to
 * the target, which is compiled under the name fuzz_target().
 */
#include "../fuzz.h"

int fuzz_target(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *own = fuzz_own(data, size);
    (void)fuzz_target(own, size);
    free(own);
    return 0;
}
