/* afl_main.c: runs a target under AFL++ in persistent mode, test cases through shared memory.
 * Every input goes on in a block of its exact size, since AFL++ reuses one large buffer.
 */
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "fuzz.h"

/* After this many inputs AFL++ starts a new process; it bounds what a leak could pile up. */
#define INPUTS_PER_PROCESS 100000

#ifdef __AFL_FUZZ_TESTCASE_LEN
/* The macros of AFL++ are no strict C11; what they expand to is not ours to mend. */
#pragma clang diagnostic ignored "-Wextra-semi"
#pragma clang diagnostic ignored "-Wgnu-statement-expression"
#pragma clang diagnostic ignored "-Wshorten-64-to-32"
__AFL_FUZZ_INIT();
#else
/* Any other compiler: one input, from stdin. */
#define SIZE_MAX_STDIN 1048576
#define __AFL_INIT() (void)0
static uint8_t testcase[SIZE_MAX_STDIN];
static int inputs_left = 1;
#define __AFL_LOOP(n) (inputs_left-- > 0)
#define __AFL_FUZZ_TESTCASE_BUF testcase
#define __AFL_FUZZ_TESTCASE_LEN fread(testcase, 1, sizeof testcase, stdin)
#endif

int main(void)
{
    __AFL_INIT();
    /* It stands still between inputs, and would for ever once AFL++ itself was killed. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    const uint8_t *input = __AFL_FUZZ_TESTCASE_BUF;

    while (__AFL_LOOP(INPUTS_PER_PROCESS)) {
        size_t size = (size_t)__AFL_FUZZ_TESTCASE_LEN;
        uint8_t *own = fuzz_own(input, size);
        (void)LLVMFuzzerTestOneInput(own, size);
        free(own);
    }
    return 0;
}
