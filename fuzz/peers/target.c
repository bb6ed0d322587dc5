/* target.c: the target peers: raw octets to the core, http-parser, libsoup 2.4 and Boost.Beast.
 * Seeds: corpus/request/. Every difference is of a class that peers.json has; one of a new class is
 * a finding, to be read in the RFC and put into the table, or mended.
 */
#include "../fuzz.h"
#include "peers.h"

static void on_difference(void *context, const char *class_name)
{
    (void)context;
    if (!peers_known(class_name)) {
        fprintf(stderr, "peers: new class: %s\n", class_name);
        FUZZ_CHECK(false, "peers", "each difference is of a class that fuzz/peers/peers.json has");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *p = fuzz_own(data, size);
    peers_compare(p, size, on_difference, NULL);
    FUZZ_CHECK(size == 0 || memcmp(p, data, size) == 0, "frame", "the request is not written to");
    free(p);
    return 0;
}
