/* ask.h: what the tests of protocols and switches share: one request under one policy, its decision
 * and its answer.
 */
#ifndef UPHELD_TEST_ASK_H
#define UPHELD_TEST_ASK_H

#include "check.h"

#include <stdio.h>

#include "upheld.h"

#define SPAN(s) { (const uint8_t *)(s), sizeof(s) - 1 }
#define HANDSHAKE "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"

struct asked {
    struct upheld_decision d;
    size_t n;          /* octets of the request */
    char answer[4096]; /* as text; empty if there is none */
};

/* Whatever is asked of a policy that the core does not take would prove nothing. */
static inline struct asked ask(const struct upheld_policy *policy, const char *text)
{
    static uint8_t out[4096];
    struct asked a = { .n = strlen(text) };
    const uint8_t *p = at_edge(0, text, a.n);
    assert_int_equal(upheld_policy_check(policy), UPHELD_POLICY_OK);
    a.d = upheld_request_decide(p, a.n, policy);
    size_t size = upheld_response_write(p, a.n, policy, a.d, out, sizeof out);
    assert_true(size < sizeof a.answer);
    memcpy(a.answer, out, size);
    return a;
}

static inline void assert_decided(const char *text, struct asked a, enum upheld_verdict verdict,
                                  unsigned status, enum upheld_clause clause)
{
    if (a.d.verdict != verdict || a.d.status != status || a.d.clause != clause) {
        fail_msg("'%s': expected %u by %s, got %u by %s", text, status, upheld_clause_id(clause),
                 (unsigned)a.d.status, upheld_clause_id(a.d.clause));
    }
}

/* A request that asks for the protocols, with these lines; the text lives until the next one. */
static inline const char *request_for(const char *start, const char *protocols, const char *lines)
{
    static char text[4096];
    int n = snprintf(text, sizeof text,
                     "%s HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: %s\r\n%s\r\n",
                     start, protocols, lines);
    assert_true(n > 0 && (size_t)n < sizeof text);
    return text;
}

#endif
