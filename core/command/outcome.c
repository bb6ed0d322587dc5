/* outcome.c: a decision with all that follows from it, in the words of the vectors. */
#include "command.h"

#include <stdio.h>

const char *verdict_name(enum upheld_verdict verdict)
{
    switch (verdict) {
    case UPHELD_SWITCH:
        return "SWITCH";
    case UPHELD_IGNORE:
        return "IGNORE";
    case UPHELD_REFUSE:
        return "REFUSE";
    case UPHELD_MORE:
    default:
        return "MORE";
    }
}

struct outcome outcome_of(const struct input *in, const struct upheld_policy *policy)
{
    struct outcome o = { .decision = upheld_request_decide(in->p, in->n, policy) };
    o.switches = o.decision.verdict == UPHELD_SWITCH;
    if (o.switches) {
        struct upheld_protocol row = upheld_protocol_row(UPHELD_WEBSOCKET);
        if (policy->protocol_count > 0) {
            row = policy->protocols[o.decision.protocol];
        }
        o.protocol = row.answer;
        if (row.checks == UPHELD_CHECKS_WEBSOCKET) {
            o.protocol = upheld_protocol_row(UPHELD_WEBSOCKET).answer;
            upheld_accept(in->p + o.decision.key_at, (uint8_t *)o.accept);
        }
        if (o.decision.subprotocol != UPHELD_NONE) {
            o.subprotocol = policy->subprotocols[o.decision.subprotocol];
        }
        snprintf(o.verdict, sizeof o.verdict, "%s", o.decision.continue_first ? "100+101" : "101");
    } else if (o.decision.verdict == UPHELD_REFUSE) {
        snprintf(o.verdict, sizeof o.verdict, "%u", (unsigned)o.decision.status);
    } else {
        snprintf(o.verdict, sizeof o.verdict, "%s", verdict_name(o.decision.verdict));
    }
    return o;
}
