/* vector.c: one test vector, a line of JSON: what it must hold, and whether a decision agrees.
 * Nothing is guessed or skipped: a vector with a misspelt key would check less than it says.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum need { REQUIRED, OPTIONAL, OPTIONAL_OR_NULL };

static const struct {
    const char *key;
    json_type type;
    enum need need;
} KEYS[] = {
    { "role", JSON_STRING, REQUIRED },
    { "name", JSON_STRING, REQUIRED },
    { "expect", JSON_STRING, REQUIRED },
    { "clause", JSON_STRING, REQUIRED },
    { "hex", JSON_STRING, REQUIRED },
    { "len", JSON_INTEGER, REQUIRED },
    { "note", JSON_STRING, OPTIONAL },
    { "text", JSON_STRING, OPTIONAL },
    { "key", JSON_STRING, OPTIONAL },
    { "offered_protocols", JSON_ARRAY, OPTIONAL },
    { "consumed", JSON_INTEGER, OPTIONAL },
    { "accept", JSON_STRING, OPTIONAL_OR_NULL },
    { "protocol", JSON_STRING, OPTIONAL_OR_NULL },
    { "subprotocol", JSON_STRING, OPTIONAL_OR_NULL },
    { "deflate", JSON_OBJECT, OPTIONAL },
    { "extensions", JSON_STRING, OPTIONAL_OR_NULL },
};

enum { KEY_COUNT = sizeof KEYS / sizeof KEYS[0] };

static const char *const EXPECTATIONS[] = {
    "101", "100+101", "IGNORE", "MORE", "400", "401", "403", "405",
    "413", "414",     "417",    "426",  "431", "501", "505", NULL,
};
static const char *const EXPECTATIONS_OF_REPLIES[] = { "OK", "FAIL", "HTTP", "MORE", NULL };

/* What client vectors sent that do not say: the key of RFC 6455 section 1.3. */
#define SAMPLE_KEY "dGhlIHNhbXBsZSBub25jZQ=="

static bool malformed(const struct vector *v, const char *what, const char *value)
{
    command_error("%s:%zu: %s '%s'", v->file, v->line, what, value);
    return false;
}

const char *vector_string(const struct vector *vector, const char *key)
{
    return json_string_value(json_object_get(vector->json, key));
}

static bool value_fits(const json_t *value, size_t key)
{
    return json_typeof(value) == KEYS[key].type ||
           (KEYS[key].need == OPTIONAL_OR_NULL && json_is_null(value));
}

static const char *expected(json_type type)
{
    switch (type) {
    case JSON_INTEGER:
        return "expected a whole number for";
    case JSON_ARRAY:
        return "expected a list for";
    case JSON_OBJECT:
        return "expected an object for";
    default:
        return "expected a string for";
    }
}

static bool keys_known(const struct vector *v)
{
    for (void *at = json_object_iter(v->json); at != NULL;
         at = json_object_iter_next(v->json, at)) {
        const char *key = json_object_iter_key(at);
        size_t i = 0;
        while (i < KEY_COUNT && strcmp(KEYS[i].key, key) != 0) {
            i++;
        }
        if (i == KEY_COUNT) {
            return malformed(v, "unknown key", key);
        }
        if (!value_fits(json_object_iter_value(at), i)) {
            return malformed(v, expected(KEYS[i].type), key);
        }
    }
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (KEYS[i].need == REQUIRED && json_object_get(v->json, KEYS[i].key) == NULL) {
            return malformed(v, "missing key", KEYS[i].key);
        }
    }
    return true;
}

static int hex_digit(char c)
{
    static const char DIGITS[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c != '\0' ? strchr(DIGITS, c) : NULL;
    return at != NULL ? (int)((at - DIGITS) & 15) : -1;
}

static bool octets_read(struct vector *v)
{
    const char *hex = vector_string(v, "hex");
    size_t digits = strlen(hex);
    if (digits % 2 != 0) {
        return malformed(v, "odd number of digits in hex", hex + digits - 1);
    }
    v->in.n = digits / 2;
    v->in.p = v->in.n > 0 ? malloc(v->in.n) : NULL;
    if (v->in.n > 0 && v->in.p == NULL) {
        return malformed(v, "no memory for the octets of", vector_string(v, "name"));
    }
    for (size_t i = 0; i < v->in.n; i++) {
        int high = hex_digit(hex[2 * i]);
        int low = hex_digit(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            return malformed(v, "no hex digits:", (char[]){ hex[2 * i], hex[2 * i + 1], '\0' });
        }
        v->in.p[i] = (uint8_t)(high * 16 + low);
    }
    json_int_t len = json_integer_value(json_object_get(v->json, "len"));
    if (len < 0 || (uintmax_t)len != v->in.n) {
        command_error("%s:%zu: len is %" JSON_INTEGER_FORMAT ", but hex holds %zu octets", v->file,
                      v->line, len, v->in.n);
        return false;
    }
    return true;
}

static bool of_client(const struct vector *v)
{
    return strcmp(vector_string(v, "role"), "client") == 0;
}

static bool words_known(const struct vector *v)
{
    const char *role = vector_string(v, "role");
    const char *expect = vector_string(v, "expect");
    if (!of_client(v) && strcmp(role, "server") != 0) {
        return malformed(v, "unknown role", role);
    }
    const char *const *known = of_client(v) ? EXPECTATIONS_OF_REPLIES : EXPECTATIONS;
    while (*known != NULL && strcmp(*known, expect) != 0) {
        known++;
    }
    return *known != NULL || malformed(v, "unknown expect", expect);
}

/* What the client of a reply asked for. */
static bool asked_read(struct vector *v, const struct upheld_policy *policy)
{
    const char *key = vector_string(v, "key");
    const json_t *offered = json_object_get(v->json, "offered_protocols");
    char where[512];
    v->asked = asked_nothing(policy);
    if (!of_client(v)) {
        return (key == NULL && offered == NULL) ||
               malformed(v, "key and offered_protocols belong to role client, not to",
                         vector_string(v, "role"));
    }
    snprintf(where, sizeof where, "%s:%zu: key", v->file, v->line);
    if (!asked_key(where, key != NULL ? key : SAMPLE_KEY, &v->asked)) {
        return false;
    }
    snprintf(where, sizeof where, "%s:%zu: offered_protocols", v->file, v->line);
    return offered == NULL || asked_array(where, offered, &v->asked);
}

/* What the server agrees to of permessage-deflate, or the client offers, where the vector says
 * it. */
static bool deflate_read(struct vector *v, const struct upheld_policy *policy)
{
    json_t *deflate = json_object_get(v->json, "deflate");
    char where[512];
    v->deflate = policy->deflate;
    if (deflate == NULL) {
        return true;
    }
    struct upheld_policy with = *policy;
    with.deflate = (struct upheld_deflate){ 0 };
    snprintf(where, sizeof where, "%s:%zu: deflate", v->file, v->line);
    if (!compression_read(where, deflate, &with.deflate)) {
        return false;
    }
    v->deflate = with.deflate;
    v->asked.core.deflate = with.deflate;
    if (of_client(v)) {
        return asked_deflate(where, &v->asked);
    }
    return upheld_policy_check(&with) == UPHELD_POLICY_OK ||
           malformed(v, "window bits that the core does not take in", "deflate");
}

bool vector_read(const char *file, size_t line, const char *p, size_t n,
                 const struct upheld_policy *policy, struct vector *out)
{
    json_error_t why;
    *out = (struct vector){ .file = file, .line = line };
    out->json = json_loadb(p, n, JSON_REJECT_DUPLICATES, &why);
    if (out->json == NULL) {
        command_error("%s:%zu:%d: no JSON object: %s", file, line, why.column, why.text);
        return false;
    }
    bool good = json_is_object(out->json) || malformed(out, "expected an object, got", "[");
    good = good && keys_known(out) && words_known(out) && asked_read(out, policy) &&
           deflate_read(out, policy) && octets_read(out);
    if (!good) {
        vector_free(out);
    }
    return good;
}

void vector_free(struct vector *vector)
{
    asked_free(&vector->asked);
    json_decref(vector->json);
    free(vector->in.p);
    *vector = (struct vector){ 0 };
}

/* What a vector gives, or null where it says null; `got` where it does not say. */
static const char *wanted(const struct vector *v, const char *key, const char *got)
{
    return json_object_get(v->json, key) != NULL ? vector_string(v, key) : got;
}

static bool same(const struct vector *v, const struct outcome *o, const char *what,
                 const char *want, const char *got)
{
    if (want == got || (want != NULL && got != NULL && strcmp(want, got) == 0)) {
        return true;
    }
    printf("%s:%zu: %s: expected %s %s, got %s (decided by %s; the vector's clause is %s)\n",
           v->file, v->line, vector_string(v, "name"), what, want != NULL ? want : "none",
           got != NULL ? got : "none", upheld_clause_id(o->clause), vector_string(v, "clause"));
    return false;
}

static struct outcome decided(const struct vector *v, const struct upheld_policy *policy)
{
    if (of_client(v)) {
        return outcome_of_reply(&v->in, &v->asked.core);
    }
    struct upheld_policy own = *policy;
    own.deflate = v->deflate;
    return outcome_of(upheld_request_decide(v->in.p, v->in.n, &own), &v->in, policy);
}

bool vector_holds(const struct vector *vector, const struct upheld_policy *policy)
{
    struct outcome o = decided(vector, policy);
    const json_t *consumed = json_object_get(vector->json, "consumed");
    char want_consumed[32], got_consumed[32];
    char subprotocol[UPHELD_TEXT_MAX + 1], named[UPHELD_TEXT_MAX + 1];
    snprintf(got_consumed, sizeof got_consumed, "%zu", o.consumed);
    snprintf(want_consumed, sizeof want_consumed, "%" JSON_INTEGER_FORMAT,
             json_integer_value(consumed));
    snprintf(subprotocol, sizeof subprotocol, "%.*s", (int)o.subprotocol.n,
             o.subprotocol.n > 0 ? (const char *)o.subprotocol.p : "");
    snprintf(named, sizeof named, "%.*s", (int)o.protocol.n,
             o.switches ? (const char *)o.protocol.p : "");
    const char *accept = o.accept[0] != '\0' ? o.accept : NULL;
    const char *protocol = o.switches ? named : NULL;
    const char *chosen = o.subprotocol.n > 0 ? subprotocol : NULL;
    const char *extensions = o.extensions[0] != '\0' ? o.extensions : NULL;
    return same(vector, &o, "verdict", vector_string(vector, "expect"), o.verdict) &&
           same(vector, &o, "consumed", consumed != NULL ? want_consumed : got_consumed,
                got_consumed) &&
           same(vector, &o, "accept", wanted(vector, "accept", accept), accept) &&
           same(vector, &o, "protocol", wanted(vector, "protocol", protocol), protocol) &&
           same(vector, &o, "subprotocol", wanted(vector, "subprotocol", chosen), chosen) &&
           same(vector, &o, "extensions", wanted(vector, "extensions", extensions), extensions);
}
