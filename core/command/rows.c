/* rows.c: a policy's rows of protocols from JSON, as policy.schema.json describes them. Knows keys
 * and types; what a row must be is upheld_policy_check()'s to say.
 */
#include "command.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word;
    enum upheld_registered which;
} REGISTERED[] = {
    { "websocket", UPHELD_WEBSOCKET },
    { "TLS/1.0", UPHELD_TLS },
    { "connect-udp", UPHELD_CONNECT_UDP },
    { "connect-ip", UPHELD_CONNECT_IP },
    { "h2c", UPHELD_H2C },
};

static bool read_registered(const char *name, const char *word, struct upheld_protocol *out)
{
    for (size_t i = 0; i < sizeof REGISTERED / sizeof REGISTERED[0]; i++) {
        if (strcmp(REGISTERED[i].word, word) == 0) {
            *out = upheld_protocol_row(REGISTERED[i].which);
            return true;
        }
    }
    return policy_expected(name, "protocols",
                           "websocket, TLS/1.0, connect-udp, connect-ip, h2c, or an object");
}

static bool read_methods(const char *name, const json_t *value, struct upheld_protocol *out)
{
    static const char *const WORDS[] = { "GET", "OPTIONS", "GET, OPTIONS", "any" };
    const char *word = json_string_value(value);
    for (size_t i = 0; word != NULL && i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (strcmp(WORDS[i], word) == 0) {
            out->methods = (enum upheld_methods)i;
            return true;
        }
    }
    return policy_expected(name, "protocols: methods", "GET; OPTIONS; GET, OPTIONS; or any");
}

static bool read_text(const char *name, const char *what, const json_t *value,
                      struct upheld_span *out)
{
    *out = policy_span(value);
    return json_is_string(value) || policy_expected(name, what, "a string");
}

static bool read_flag(const char *name, const char *what, const json_t *value, bool *out)
{
    *out = json_is_true(value);
    return json_is_boolean(value) || policy_expected(name, what, "true or false");
}

static bool read_key(const char *name, const char *key, const json_t *value,
                     struct upheld_protocol *out)
{
    if (strcmp(key, "name") == 0) {
        return read_text(name, "protocols: name", value, &out->name);
    }
    if (strcmp(key, "version") == 0) {
        return read_text(name, "protocols: version", value, &out->version);
    }
    if (strcmp(key, "answer") == 0) {
        return read_text(name, "protocols: answer", value, &out->answer);
    }
    if (strcmp(key, "methods") == 0) {
        return read_methods(name, value, out);
    }
    if (strcmp(key, "body") == 0) {
        return read_flag(name, "protocols: body", value, &out->body);
    }
    if (strcmp(key, "capsules") == 0) {
        bool capsules = false;
        bool good = read_flag(name, "protocols: capsules", value, &capsules);
        out->checks = capsules ? UPHELD_CHECKS_CAPSULE : UPHELD_CHECKS_NONE;
        return good;
    }
    command_error("%s: unknown key 'protocols.%s'; known are name, version, answer, methods, body,"
                  " capsules",
                  name, key);
    return false;
}

/* What the 101 names where the row does not say: the name, or name "/" version. The string is the
 * row's to own, like those of the file. */
static bool default_answer(const char *name, json_t *value, struct upheld_protocol *out)
{
    const char *version = json_string_value(json_object_get(value, "version"));
    if (version == NULL || version[0] == '\0') {
        out->answer = out->name;
        return true;
    }
    json_t *answer =
        json_sprintf("%s/%s", json_string_value(json_object_get(value, "name")), version);
    if (json_object_set_new(value, "answer", answer) != 0) {
        command_error("%s: protocols: no memory for one more answer", name);
        return false;
    }
    out->answer = policy_span(answer);
    return true;
}

static bool read_own(const char *name, json_t *value, struct upheld_protocol *out)
{
    *out = (struct upheld_protocol){ .methods = UPHELD_GET };
    if (!json_is_object(value)) {
        return policy_expected(name, "protocols", "names of protocols, or objects");
    }
    for (void *at = json_object_iter(value); at != NULL; at = json_object_iter_next(value, at)) {
        if (!read_key(name, json_object_iter_key(at), json_object_iter_value(at), out)) {
            return false;
        }
    }
    if (out->name.p == NULL) {
        return policy_expected(name, "protocols", "each object to have a name");
    }
    return out->answer.p != NULL || default_answer(name, value, out);
}

bool policy_rows(const char *name, json_t *value, struct policy *out)
{
    size_t count = json_array_size(value);
    if (!json_is_array(value) || count > UPHELD_PROTOCOLS_MAX) {
        command_error("%s: protocols: expected an array of at most %u", name, UPHELD_PROTOCOLS_MAX);
        return false;
    }
    out->protocols = calloc(count + 1, sizeof *out->protocols);
    if (out->protocols == NULL) {
        command_error("%s: protocols: no memory for %zu rows", name, count);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        json_t *item = json_array_get(value, i);
        const char *word = json_string_value(item);
        if (!(word != NULL ? read_registered(name, word, &out->protocols[i])
                           : read_own(name, item, &out->protocols[i]))) {
            return false;
        }
    }
    out->core.protocols = out->protocols;
    out->core.protocol_count = (uint32_t)count;
    return true;
}
