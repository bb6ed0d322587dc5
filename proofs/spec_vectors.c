/* spec_vectors.c: runs the specification itself, translated to C, on a vectors file.
 *
 *   spec_vectors FILE.jsonl
 *
 * For each vector, of a request or of a reply, the specification must give the expected verdict,
 * octets consumed, accept value and subprotocol. Each shorter prefix must give MORE or the very
 * same decision: more octets never change one. No source file of the core is linked. Prints each
 * failure, then `N passed, M failed`; exit 1 if any failed, 2 for a file that is no vectors file.
 */
#include "spec.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What was decided, in the words of a vector; and all the rest of it, so that two can be compared.
 * Octets between members are zero. */
struct outcome {
    bool more, switches;
    char expect[16];
    size_t consumed, key_at;
    const struct upheld_span *subprotocol;       /* null for none */
    char extensions[UPHELD_EXTENSIONS_SIZE + 1]; /* "none", or what the 101 says of them */
    long long rest[8];
};

/* What the client of a reply sent, or what the server of a request agrees to. */
struct asked {
    bool client; /* otherwise a request is decided */
    struct upheld_policy policy;
    struct upheld_client sent;
    struct upheld_span offered[UPHELD_NAMES_MAX];
};

/* The policy that the vectors were written for: the subprotocol chat, no rule on Origin. */
static const struct upheld_span CHAT = { (const uint8_t *)"chat", 4 };
static const struct upheld_policy POLICY = { .limits = UPHELD_LIMITS_DEFAULT,
                                             .access = UPHELD_GRANTED,
                                             .subprotocols = &CHAT,
                                             .subprotocol_count = 1 };

static void unusable(const char *file, size_t line, const char *why)
{
    fprintf(stderr, "spec_vectors: %s:%zu: %s\n", file, line, why);
    exit(2);
}

/* The specification asks for some head and some decision, of which it replaces every field; what
 * it forgets to replace shows up as ones. */
static struct upheld_decision decide(const uint8_t *p, size_t n, const struct upheld_policy *policy)
{
    struct uph_head any_head;
    struct upheld_decision any;
    memset(&any_head, 1, sizeof any_head);
    memset(&any, 1, sizeof any);
    return spec_Decide(p, (int64_t)n, policy, any, any_head);
}

static struct upheld_reply decide_reply(const uint8_t *p, size_t n,
                                        const struct upheld_client *client)
{
    struct uph_response any_head;
    struct uph_extensions any_list;
    struct upheld_reply any;
    memset(&any_head, 1, sizeof any_head);
    memset(&any_list, 1, sizeof any_list);
    memset(&any, 1, sizeof any);
    return spec_DecideReply(p, (int64_t)n, client, any, any_head, any_list);
}

/* The value of Sec-WebSocket-Extensions that answers. */
static void extensions_of(struct upheld_agreed agreed, char out[UPHELD_EXTENSIONS_SIZE + 1])
{
    strcpy(out, "none");
    for (int64_t k = 0; k < UPH_PIECES; k++) {
        int64_t size = spec_PieceSize(agreed, k), at = spec_PieceAt(agreed, k);
        for (int64_t i = 0; i < size && at + i < UPHELD_EXTENSIONS_SIZE; i++) {
            out[at + i] = (char)UPH_TEXT_DEFLATE[spec_PieceFrom(agreed, k) + i];
            out[at + i + 1] = 0;
        }
    }
}

static struct outcome outcome_of_request(struct upheld_decision d)
{
    const long long rest[8] = { d.clause,         d.status,     d.close,        d.protocol,
                                d.continue_first, d.body_first, d.body_chunked, d.body_length };
    struct outcome o;
    memset(&o, 0, sizeof o);
    memcpy(o.rest, rest, sizeof rest);
    o.consumed = d.consumed;
    extensions_of(d.agreed, o.extensions);
    switch (d.verdict) {
    case UPHELD_MORE:
        o.more = true;
        strcpy(o.expect, "MORE");
        break;
    case UPHELD_IGNORE:
        strcpy(o.expect, "IGNORE");
        break;
    case UPHELD_SWITCH:
        o.switches = true;
        o.key_at = d.key_at;
        o.subprotocol = d.subprotocol != UPHELD_NONE ? &POLICY.subprotocols[d.subprotocol] : NULL;
        snprintf(o.expect, sizeof o.expect, "%s%u", d.continue_first ? "100+" : "", d.status);
        break;
    case UPHELD_REFUSE:
    default:
        snprintf(o.expect, sizeof o.expect, "%u", d.status);
        break;
    }
    return o;
}

static struct outcome outcome_of_reply(struct upheld_reply r, const struct upheld_client *client)
{
    static const char *const WORDS[] = { "MORE", "OK", "FAIL", "HTTP" };
    struct outcome o;
    memset(&o, 0, sizeof o);
    extensions_of(r.agreed, o.extensions);
    o.rest[0] = r.clause;
    o.rest[1] = r.status;
    o.rest[2] = (long long)r.head_at;
    o.consumed = r.consumed;
    o.more = r.verdict == UPHELD_REPLY_MORE;
    o.switches = r.verdict == UPHELD_REPLY_OK;
    o.subprotocol = r.subprotocol != UPHELD_NONE ? &client->subprotocols[r.subprotocol] : NULL;
    strcpy(o.expect, r.verdict <= UPHELD_REPLY_HTTP ? WORDS[r.verdict] : "no verdict");
    return o;
}

static struct outcome outcome_of(const uint8_t *p, size_t n, const struct asked *asked)
{
    return asked->client ? outcome_of_reply(decide_reply(p, n, &asked->sent), &asked->sent)
                         : outcome_of_request(decide(p, n, &asked->policy));
}

/* A copy in a block of its exact size, so that a sanitizer sees one octet too far. */
static uint8_t *exact_copy(const uint8_t *p, size_t n)
{
    uint8_t *copy = n > 0 ? malloc(n) : NULL;
    if (copy != NULL) {
        memcpy(copy, p, n);
    } else if (n > 0) {
        fputs("spec_vectors: out of memory\n", stderr);
        exit(2);
    }
    return copy;
}

static bool prefixes_agree(const char *name, const uint8_t *p, size_t n, const struct asked *asked,
                           const struct outcome *whole)
{
    for (size_t k = 0; k < n; k++) {
        uint8_t *copy = exact_copy(p, k);
        struct outcome early = outcome_of(copy, k, asked);
        free(copy);
        if (!early.more && memcmp(&early, whole, sizeof early) != 0) {
            printf("%s: the first %zu octets already give another decision\n", name, k);
            return false;
        }
    }
    return true;
}

/* Compares one thing; a vector that says nothing about it asks for nothing. */
static bool holds(const json_t *vector, const char *key, const char *got)
{
    const json_t *want = json_object_get(vector, key);
    const char *text = json_is_string(want) ? json_string_value(want) : "none";
    if (want == NULL || strcmp(text, got) == 0) {
        return true;
    }
    printf("%s: expected %s %s, the specification gives %s\n",
           json_string_value(json_object_get(vector, "name")), key, text, got);
    return false;
}

static bool consumed_holds(const json_t *vector, size_t got)
{
    const json_t *want = json_object_get(vector, "consumed");
    if (want == NULL || (size_t)json_integer_value(want) == got) {
        return true;
    }
    printf("%s: expected consumed %lld, the specification gives %zu\n",
           json_string_value(json_object_get(vector, "name")), (long long)json_integer_value(want),
           got);
    return false;
}

/* The accept value of the key, if there is a switch. */
static bool accept_holds(const json_t *vector, const struct outcome *o, const uint8_t *key)
{
    char accept[UPHELD_ACCEPT_SIZE + 1] = "none";
    for (size_t k = 0; o->switches && k < UPHELD_ACCEPT_SIZE; k++) {
        accept[k] = (char)spec_AcceptOctet(key, (int64_t)k);
    }
    return holds(vector, "accept", accept);
}

static bool subprotocol_holds(const json_t *vector, const struct outcome *o)
{
    char name[UPHELD_TEXT_MAX + 1] = "none";
    if (o->subprotocol != NULL) {
        snprintf(name, sizeof name, "%.*s", (int)o->subprotocol->n,
                 (const char *)o->subprotocol->p);
    }
    return holds(vector, "subprotocol", name);
}

static bool vector_holds(const json_t *vector, const uint8_t *octets, size_t n,
                         const struct asked *asked)
{
    const char *name = json_string_value(json_object_get(vector, "name"));
    uint8_t *p = exact_copy(octets, n);
    struct outcome o = outcome_of(p, n, asked);
    bool all = holds(vector, "expect", o.expect);
    all = consumed_holds(vector, o.consumed) && all;
    all = accept_holds(vector, &o, asked->client ? asked->sent.key : p + o.key_at) && all;
    all = subprotocol_holds(vector, &o) && all;
    all = holds(vector, "extensions", o.extensions) && all;
    all = prefixes_agree(name, p, n, asked, &o) && all;
    free(p);
    return all;
}

/* What a vector says that its server agrees to; nothing if it does not say. */
static struct upheld_deflate deflate_of(const json_t *json)
{
    const struct upheld_deflate deflate = {
        .enabled = json_is_true(json_object_get(json, "enabled")),
        .server_no_context_takeover =
            json_is_true(json_object_get(json, "server_no_context_takeover")),
        .client_no_context_takeover =
            json_is_true(json_object_get(json, "client_no_context_takeover")),
        .server_max_window_bits =
            (uint8_t)json_integer_value(json_object_get(json, "server_max_window_bits")),
        .client_max_window_bits =
            (uint8_t)json_integer_value(json_object_get(json, "client_max_window_bits")),
        .min_window_bits = (uint8_t)json_integer_value(json_object_get(json, "min_window_bits")),
    };
    return deflate;
}

/* What a vector says that its client sent; the key of RFC 6455 section 1.3 if it says none. */
static struct asked *asked_of(const json_t *vector)
{
    static struct asked asked;
    const char *role = json_string_value(json_object_get(vector, "role"));
    const char *key = json_string_value(json_object_get(vector, "key"));
    const json_t *offered = json_object_get(vector, "offered_protocols");
    memset(&asked, 0, sizeof asked);
    asked.policy = POLICY;
    asked.policy.deflate = deflate_of(json_object_get(vector, "deflate"));
    asked.client = role != NULL && strcmp(role, "client") == 0;
    asked.sent.limits = POLICY.limits;
    asked.sent.interim = UPHELD_INTERIM_DEFAULT;
    asked.sent.deflate = asked.policy.deflate;
    key = key != NULL ? key : "dGhlIHNhbXBsZSBub25jZQ==";
    if (strlen(key) != UPHELD_KEY_SIZE || json_array_size(offered) > UPHELD_NAMES_MAX) {
        return NULL;
    }
    memcpy(asked.sent.key, key, UPHELD_KEY_SIZE);
    for (size_t i = 0; i < json_array_size(offered); i++) {
        const json_t *name = json_array_get(offered, i);
        asked.offered[i] = (struct upheld_span){ (const uint8_t *)json_string_value(name),
                                                 json_string_length(name) };
    }
    asked.sent.subprotocols = asked.offered;
    asked.sent.subprotocol_count = (uint32_t)json_array_size(offered);
    return &asked;
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes hex in place; the number of octets, or -1. */
static long unhex(const char *hex, uint8_t *out, size_t size)
{
    size_t n = strlen(hex) / 2;
    if (strlen(hex) % 2 != 0 || n > size) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            return -1;
        }
        out[i] = (uint8_t)(high * 16 + low);
    }
    return (long)n;
}

static bool line_holds(const char *file, size_t number, const char *line)
{
    static uint8_t octets[1 << 20];
    json_error_t why;
    json_t *vector = json_loads(line, JSON_REJECT_DUPLICATES, &why);
    if (vector == NULL || !json_is_string(json_object_get(vector, "name")) ||
        !json_is_string(json_object_get(vector, "expect")) ||
        !json_is_string(json_object_get(vector, "hex"))) {
        unusable(file, number, "expected an object with name, expect and hex");
    }
    const json_t *consumed = json_object_get(vector, "consumed");
    long n = unhex(json_string_value(json_object_get(vector, "hex")), octets, sizeof octets);
    if (n < 0 || n != json_integer_value(json_object_get(vector, "len"))) {
        unusable(file, number, "hex does not write the number of octets that len says");
    }
    if (consumed != NULL && !json_is_integer(consumed)) {
        unusable(file, number, "consumed is no whole number");
    }
    const struct asked *asked = asked_of(vector);
    if (asked == NULL) {
        unusable(file, number, "key or offered_protocols is none that a client sends");
    }
    bool all = vector_holds(vector, octets, (size_t)n, asked);
    json_decref(vector);
    return all;
}

/* Runs the vectors of one file: how many, and how many failed. */
static size_t run_file(const char *file, size_t *failed)
{
    FILE *stream = fopen(file, "r");
    if (stream == NULL) {
        fprintf(stderr, "spec_vectors: cannot read %s\n", file);
        exit(2);
    }
    static char line[1 << 22];
    size_t number = 0;
    while (fgets(line, sizeof line, stream) != NULL) {
        number++;
        if (strchr(line, '\n') == NULL) {
            unusable(file, number, "line does not end, or is too long");
        }
        *failed += !line_holds(file, number, line);
    }
    if (ferror(stream) || number == 0) {
        unusable(file, number, "no vector could be read");
    }
    fclose(stream);
    return number;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: spec_vectors FILE.jsonl...\n", stderr);
        return 2;
    }
    size_t number = 0, failed = 0;
    for (int i = 1; i < argc; i++) {
        number += run_file(argv[i], &failed);
    }
    printf("%zu passed, %zu failed\n", number - failed, failed);
    return failed > 0 ? 1 : 0;
}
