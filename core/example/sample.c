/* sample.c: decides the sample request of RFC 6455 section 1.2 and prints its accept value.
 *
 *     make dist && cc -Ibuild/dist core/example/sample.c build/dist/upheld.c && ./a.out
 */
#include <stdio.h>

#define UPHELD_CLAUSE_TEXTS
#include "upheld.h"

static const uint8_t REQUEST[] = "GET /chat HTTP/1.1\r\n"
                                 "Host: server.example.com\r\n"
                                 "Upgrade: websocket\r\n"
                                 "Connection: Upgrade\r\n"
                                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                 "Origin: http://example.com\r\n"
                                 "Sec-WebSocket-Protocol: chat, superchat\r\n"
                                 "Sec-WebSocket-Version: 13\r\n\r\n";

int main(void)
{
    struct upheld_policy policy = { .limits = UPHELD_LIMITS_DEFAULT, .access = UPHELD_GRANTED };
    struct upheld_decision d = upheld_request_decide(REQUEST, sizeof REQUEST - 1, &policy);
    uint8_t accept[UPHELD_ACCEPT_SIZE];
    if (d.verdict != UPHELD_SWITCH) {
        fprintf(stderr, "%s: %s\n", upheld_clause_id(d.clause), upheld_clause_text(d.clause));
        return 1;
    }
    upheld_accept(REQUEST + d.key_at, accept);
    printf("%.*s\n", UPHELD_ACCEPT_SIZE, (const char *)accept);
    return 0;
}
