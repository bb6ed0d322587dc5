/* policy.c: a policy from JSON, as policy.schema.json describes it. Knows keys and types; what the
 * values must be is upheld_policy_check()'s to say.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A policy is a page of text; what is larger was not meant to be one. */
enum { POLICY_OCTETS_MAX = 1 << 20 };

static const struct upheld_span CHAT = { (const uint8_t *)"chat", 4 };

/* What the vectors assume: everything granted, one subprotocol, no rule on Origin. */
static const struct upheld_policy DEFAULT_POLICY = {
    .limits = UPHELD_LIMITS_DEFAULT,
    .access = UPHELD_GRANTED,
    .subprotocols = &CHAT,
    .subprotocol_count = 1,
};

bool policy_expected(const char *name, const char *key, const char *what)
{
    command_error("%s: %s: expected %s", name, key, what);
    return false;
}

struct upheld_span policy_span(const json_t *string)
{
    return (struct upheld_span){ (const uint8_t *)json_string_value(string),
                                 json_string_length(string) };
}

/* One limit; its range is checked with the rest of the policy. */
static bool read_limit(const char *name, const char *key, const json_t *value, uint32_t *out)
{
    json_int_t limit = json_integer_value(value);
    if (!json_is_integer(value) || limit < 0 || limit > UINT32_MAX) {
        command_error("%s: limits.%s: expected a whole number from 1 to %u", name, key,
                      UPHELD_LIMIT_MAX);
        return false;
    }
    *out = (uint32_t)limit;
    return true;
}

static bool read_limits(const char *name, json_t *value, struct policy *out)
{
    struct upheld_limits *limits = &out->core.limits;
    const struct {
        const char *key;
        uint32_t *to;
    } known[] = {
        { "target", &limits->target },
        { "line", &limits->line },
        { "head", &limits->head },
        { "fields", &limits->fields },
    };
    if (!json_is_object(value)) {
        return policy_expected(name, "limits", "an object with target, line, head, fields");
    }
    for (void *at = json_object_iter(value); at != NULL; at = json_object_iter_next(value, at)) {
        const char *key = json_object_iter_key(at);
        size_t i = 0;
        while (i < sizeof known / sizeof known[0] && strcmp(known[i].key, key) != 0) {
            i++;
        }
        if (i == sizeof known / sizeof known[0]) {
            command_error("%s: unknown key 'limits.%s'; known are target, line, head, fields", name,
                          key);
            return false;
        }
        if (!read_limit(name, key, json_object_iter_value(at), known[i].to)) {
            return false;
        }
    }
    return true;
}

/* An array of strings as spans into them; the array of spans is the caller's to free. */
static bool read_names(const char *name, const char *key, const json_t *value,
                       struct upheld_span **out, uint32_t *out_count)
{
    size_t count = json_array_size(value);
    if (!json_is_array(value) || count > UPHELD_NAMES_MAX) {
        command_error("%s: %s: expected an array of at most %u strings", name, key,
                      UPHELD_NAMES_MAX);
        return false;
    }
    *out = calloc(count + 1, sizeof **out);
    if (*out == NULL) {
        command_error("%s: %s: no memory for %zu names", name, key, count);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(value, i);
        if (!json_is_string(item)) {
            return policy_expected(name, key, "strings only");
        }
        (*out)[i] = policy_span(item);
    }
    *out_count = (uint32_t)count;
    return true;
}

static bool read_subprotocols(const char *name, json_t *value, struct policy *out)
{
    bool good =
        read_names(name, "subprotocols", value, &out->subprotocols, &out->core.subprotocol_count);
    out->core.subprotocols = out->subprotocols;
    return good;
}

static bool read_origins(const char *name, json_t *value, struct policy *out)
{
    bool good = read_names(name, "origins", value, &out->origins, &out->core.origin_count);
    out->core.origins = out->origins;
    return good;
}

static bool read_access(const char *name, json_t *value, struct policy *out)
{
    static const struct {
        const char *word;
        enum upheld_access access;
    } WORDS[] = {
        { "granted", UPHELD_GRANTED },
        { "unauthenticated", UPHELD_UNAUTHENTICATED },
        { "forbidden", UPHELD_FORBIDDEN },
        { "undecided", UPHELD_UNDECIDED },
    };
    const char *word = json_string_value(value);
    for (size_t i = 0; word != NULL && i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (strcmp(WORDS[i].word, word) == 0) {
            out->core.access = WORDS[i].access;
            return true;
        }
    }
    return policy_expected(name, "access", "granted, unauthenticated, forbidden or undecided");
}

static bool read_challenge(const char *name, json_t *value, struct policy *out)
{
    out->core.challenge = policy_span(value);
    return json_is_string(value) || policy_expected(name, "challenge", "a string");
}

static bool read_required(const char *name, json_t *value, struct policy *out)
{
    out->core.required = policy_span(value);
    return json_is_string(value) || policy_expected(name, "required", "a string");
}

static bool read_body_limit(const char *name, json_t *value, struct policy *out)
{
    json_int_t limit = json_integer_value(value);
    if (!json_is_integer(value) || limit < 0 || limit > UINT32_MAX) {
        command_error("%s: body_limit: expected a whole number from 0 to %u", name, UINT32_MAX);
        return false;
    }
    out->core.body_limit = (uint32_t)limit;
    return true;
}

static bool read_deflate(const char *name, json_t *value, struct policy *out)
{
    char where[512];
    snprintf(where, sizeof where, "%s: deflate", name);
    return compression_read(where, value, &out->core.deflate);
}

/* The switch of that name; null if there is none. */
static bool *flag_of(const char *key, struct upheld_policy *policy)
{
    const struct {
        const char *key;
        bool *to;
    } flags[] = {
        { "origin_optional", &policy->origin_optional },
        { "prefer_own", &policy->prefer_own },
        { "subprotocol_needed", &policy->subprotocol_needed },
        { "canonical_key", &policy->canonical_key },
        { "keep_alive", &policy->keep_alive },
        { "secure", &policy->secure },
        { "allow_h2c", &policy->allow_h2c },
        { "bare_lf", &policy->bare_lf },
    };
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (strcmp(flags[i].key, key) == 0) {
            return flags[i].to;
        }
    }
    return NULL;
}

static bool read_key(const char *name, const char *key, json_t *value, struct policy *out)
{
    static const struct {
        const char *key;
        bool (*read)(const char *name, json_t *value, struct policy *out);
    } KEYS[] = {
        { "limits", read_limits },       { "subprotocols", read_subprotocols },
        { "origins", read_origins },     { "access", read_access },
        { "challenge", read_challenge }, { "protocols", policy_rows },
        { "required", read_required },   { "body_limit", read_body_limit },
        { "deflate", read_deflate },
    };
    bool *flag = flag_of(key, &out->core);
    if (flag != NULL) {
        *flag = json_is_true(value);
        return json_is_boolean(value) || policy_expected(name, key, "true or false");
    }
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        if (strcmp(KEYS[i].key, key) == 0) {
            return KEYS[i].read(name, value, out);
        }
    }
    command_error(
        "%s: unknown key '%s'; known are limits, access, challenge, protocols,"
        " subprotocols, origins, required, body_limit, deflate, origin_optional, prefer_own,"
        " subprotocol_needed, canonical_key, keep_alive, secure, allow_h2c, bare_lf",
        name, key);
    return false;
}

/* The words for what upheld_policy_check() found. */
static bool sound(const char *name, const struct upheld_policy *policy)
{
    switch (upheld_policy_check(policy)) {
    case UPHELD_POLICY_OK:
        return true;
    case UPHELD_POLICY_LIMIT:
        command_error("%s: limits: expected whole numbers from 1 to %u", name, UPHELD_LIMIT_MAX);
        return false;
    case UPHELD_POLICY_COUNT:
        command_error("%s: subprotocols, origins: expected at most %u of each", name,
                      UPHELD_NAMES_MAX);
        return false;
    case UPHELD_POLICY_PROTOCOL:
        return policy_expected(name, "protocols",
                               "each once, its name a token in lower case, its version a token, "
                               "its answer visible ASCII; h2c only with allow_h2c; h2 never");
    case UPHELD_POLICY_REQUIRED:
        return policy_expected(name, "required", "at most 1024 visible ASCII octets, SP between");
    case UPHELD_POLICY_SUBPROTOCOL:
        return policy_expected(name, "subprotocols",
                               "each to be a token of 1 to 1024 octets, once");
    case UPHELD_POLICY_ORIGIN:
        return policy_expected(name, "origins",
                               "each to be 1 to 1024 lower-case visible ASCII octets");
    case UPHELD_POLICY_CHALLENGE:
        return policy_expected(name, "challenge",
                               "1 to 1024 visible ASCII octets, SP between them, for a 401");
    case UPHELD_POLICY_DEFLATE:
        return policy_expected(name, "deflate",
                               "window bits of 0 or from 8 to 15, min_window_bits (0: 9) no"
                               " larger than server_max_window_bits (0: 15)");
    default:
        return policy_expected(name, "policy", "to be one that the core accepts");
    }
}

static bool read_object(const char *name, json_t *json, struct policy *out)
{
    if (!json_is_object(json)) {
        return policy_expected(name, "policy", "one JSON object");
    }
    for (void *at = json_object_iter(json); at != NULL; at = json_object_iter_next(json, at)) {
        if (!read_key(name, json_object_iter_key(at), json_object_iter_value(at), out)) {
            return false;
        }
    }
    return sound(name, &out->core);
}

static json_t *read_json(const char *name)
{
    struct input text;
    json_error_t why;
    if (!input_read(name, POLICY_OCTETS_MAX + 1, &text)) {
        return NULL;
    }
    json_t *json = NULL;
    if (text.n > POLICY_OCTETS_MAX) {
        command_error("%s: a policy of more than %d octets", name, POLICY_OCTETS_MAX);
    } else {
        json = json_loadb(text.n > 0 ? (const char *)text.p : "", text.n,
                          JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
        if (json == NULL) {
            command_error("%s:%d:%d: no JSON: %s", name, why.line, why.column, why.text);
        }
    }
    free(text.p);
    return json;
}

bool policy_load(const char *name, struct policy *out)
{
    *out = (struct policy){ .core = DEFAULT_POLICY };
    if (name == NULL) {
        return true;
    }
    out->json = read_json(name);
    if (out->json == NULL) {
        return false;
    }
    if (!read_object(name, out->json, out)) {
        policy_free(out);
        return false;
    }
    return true;
}

void policy_free(struct policy *policy)
{
    free(policy->protocols);
    free(policy->subprotocols);
    free(policy->origins);
    json_decref(policy->json);
    *policy = (struct policy){ 0 };
}
