/* subject_upheld.c: ours, through the public header alone. */
#include "bench.h"

#include "upheld.h"

static const struct upheld_policy POLICY = { .limits = UPHELD_LIMITS_DEFAULT,
                                             .access = UPHELD_GRANTED };

/* Every limit as high as it may be set. */
static const struct upheld_policy WIDE = {
    .limits = { UPHELD_LIMIT_MAX, UPHELD_LIMIT_MAX, UPHELD_LIMIT_MAX, UPHELD_LIMIT_MAX },
    .access = UPHELD_GRANTED,
};

static size_t handshake(const uint8_t *p, size_t n, uint8_t *out)
{
    struct upheld_decision d = upheld_request_decide(p, n, &POLICY);
    return upheld_response_write(p, n, &POLICY, d, out, BENCH_ANSWER_SIZE);
}

static size_t wide(const uint8_t *p, size_t n, uint8_t *out)
{
    struct upheld_decision d = upheld_request_decide(p, n, &WIDE);
    return upheld_response_write(p, n, &WIDE, d, out, BENCH_ANSWER_SIZE);
}

static size_t accept_value(const uint8_t *p, size_t n, uint8_t *out)
{
    if (n != UPHELD_KEY_SIZE) {
        return 0;
    }
    upheld_accept(p, out);
    return UPHELD_ACCEPT_SIZE;
}

const struct bench_subject BENCH_SUBJECTS[] = {
    { "upheld", "handshake", handshake },
    { "upheld_wide", "wide", wide },
    { "upheld_accept", "accept", accept_value },
    { 0 },
};
