/* outcome.c: a decision with all that follows from it, in the words of the vectors. */
#include "command.h"

#include <stdio.h>

static const char *verdict_name(enum upheld_verdict verdict)
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

static const char *reply_verdict_name(enum upheld_reply_verdict verdict)
{
    switch (verdict) {
    case UPHELD_REPLY_OK:
        return "OK";
    case UPHELD_REPLY_FAIL:
        return "FAIL";
    case UPHELD_REPLY_HTTP:
        return "HTTP";
    case UPHELD_REPLY_MORE:
    default:
        return "MORE";
    }
}

struct outcome outcome_of(struct upheld_decision d, const struct input *in,
                          const struct upheld_policy *policy)
{
    struct outcome o = { .name = verdict_name(d.verdict),
                         .status = d.status,
                         .clause = d.clause,
                         .continue_first = d.continue_first,
                         .body_first = d.body_first,
                         .body_chunked = d.body_chunked,
                         .body_length = d.body_length,
                         .consumed = d.consumed,
                         .close = d.close,
                         .switches = d.verdict == UPHELD_SWITCH };
    if (o.switches) {
        struct upheld_protocol row = upheld_protocol_row(UPHELD_WEBSOCKET);
        if (policy->protocol_count > 0) {
            row = policy->protocols[d.protocol];
        }
        o.protocol = row.answer;
        if (row.checks == UPHELD_CHECKS_WEBSOCKET) {
            o.protocol = upheld_protocol_row(UPHELD_WEBSOCKET).answer;
            upheld_accept(in->p + d.key_at, (uint8_t *)o.accept);
        }
        upheld_extensions_write(d.agreed, (uint8_t *)o.extensions, UPHELD_EXTENSIONS_SIZE);
        if (d.subprotocol != UPHELD_NONE) {
            o.subprotocol = policy->subprotocols[d.subprotocol];
        }
        snprintf(o.verdict, sizeof o.verdict, "%s", d.continue_first ? "100+101" : "101");
    } else if (d.verdict == UPHELD_REFUSE) {
        snprintf(o.verdict, sizeof o.verdict, "%u", (unsigned)d.status);
    } else {
        snprintf(o.verdict, sizeof o.verdict, "%s", o.name);
    }
    return o;
}

struct outcome outcome_of_reply(const struct input *in, const struct upheld_client *client)
{
    struct upheld_reply r = upheld_reply_decide(in->p, in->n, client);
    struct outcome o = { .name = reply_verdict_name(r.verdict),
                         .status = r.status,
                         .clause = r.clause,
                         .consumed = r.consumed,
                         .close = r.verdict == UPHELD_REPLY_FAIL,
                         .switches = r.verdict == UPHELD_REPLY_OK };
    if (o.switches) {
        o.protocol = upheld_protocol_row(UPHELD_WEBSOCKET).answer;
        upheld_accept(client->key, (uint8_t *)o.accept);
        upheld_extensions_write(r.agreed, (uint8_t *)o.extensions, UPHELD_EXTENSIONS_SIZE);
        if (r.subprotocol != UPHELD_NONE) {
            o.subprotocol = client->subprotocols[r.subprotocol];
        }
    }
    snprintf(o.verdict, sizeof o.verdict, "%s", o.name);
    return o;
}
