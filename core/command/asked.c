/* asked.c: what a client asked for, from the command line or a vector. What is wrong with it is
 * upheld_client_check()'s to say, but for the key: a client may have sent one with spare bits set,
 * and its reply can be decided all the same.
 */
#include "command.h"

#include <stdlib.h>
#include <string.h>

#define BASE64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/* Plays no part in deciding a reply; upheld_client_check() wants both. */
static const struct upheld_span HOST = { (const uint8_t *)"host", 4 };
static const struct upheld_span TARGET = { (const uint8_t *)"/", 1 };

struct asked asked_nothing(const struct upheld_policy *policy)
{
    return (struct asked){ .core = { .limits = policy->limits,
                                     .interim = UPHELD_INTERIM_DEFAULT,
                                     .host = HOST,
                                     .target = TARGET,
                                     .deflate = policy->deflate,
                                     .subprotocol_needed = policy->subprotocol_needed } };
}

void asked_free(struct asked *asked)
{
    free(asked->subprotocols);
    *asked = (struct asked){ 0 };
}

bool asked_key(const char *where, const char *key, struct asked *out)
{
    if (strspn(key, BASE64) != 22 || strcmp(key + 22, "==") != 0) {
        command_error("%s '%s': expected base64 of 16 octets: 22 characters and ==", where, key);
        return false;
    }
    memcpy(out->core.key, key, UPHELD_KEY_SIZE);
    return true;
}

/* Room for so many subprotocols. */
static bool make_room(const char *where, size_t count, struct asked *out)
{
    if (count > UPHELD_NAMES_MAX) {
        command_error("%s: expected at most %u subprotocols, got %zu", where, UPHELD_NAMES_MAX,
                      count);
        return false;
    }
    out->subprotocols = calloc(count + 1, sizeof *out->subprotocols);
    if (out->subprotocols == NULL) {
        command_error("%s: no memory for %zu subprotocols", where, count);
        return false;
    }
    out->core.subprotocols = out->subprotocols;
    out->core.subprotocol_count = (uint32_t)count;
    return true;
}

bool asked_deflate(const char *where, const struct asked *asked)
{
    struct upheld_client some = asked->core;
    upheld_key((const uint8_t[UPHELD_NONCE_SIZE]){ 0 }, some.key);
    bool holds = upheld_client_check(&some) != UPHELD_CLIENT_DEFLATE;
    if (!holds) {
        command_error("%s: expected window bits of 0 or from 8 to 15, min_window_bits (0: 9) no"
                      " larger than a client's client_max_window_bits (0: 15)",
                      where);
    }
    return holds;
}

static bool offers_hold(const char *where, const struct asked *asked)
{
    struct upheld_client some = asked->core;
    upheld_key((const uint8_t[UPHELD_NONCE_SIZE]){ 0 }, some.key);
    if (upheld_client_check(&some) != UPHELD_CLIENT_OK) {
        command_error("%s: expected subprotocols that are tokens of 1 to %u octets, each once",
                      where, UPHELD_TEXT_MAX);
        return false;
    }
    return true;
}

bool asked_list(const char *where, const char *list, struct asked *out)
{
    size_t count = 1;
    for (const char *c = list; *c != '\0'; c++) {
        count += *c == ',' ? 1 : 0;
    }
    if (!make_room(where, count, out)) {
        return false;
    }
    const char *at = list;
    for (size_t i = 0; i < count; i++) {
        at += strspn(at, " ");
        size_t n = strcspn(at, ",");
        out->subprotocols[i] = (struct upheld_span){ (const uint8_t *)at, n };
        at += n + 1;
    }
    return offers_hold(where, out);
}

bool asked_array(const char *where, const json_t *array, struct asked *out)
{
    size_t count = json_array_size(array);
    if (!make_room(where, count, out)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(array, i);
        if (!json_is_string(item)) {
            command_error("%s: expected strings only", where);
            return false;
        }
        out->subprotocols[i] = (struct upheld_span){ (const uint8_t *)json_string_value(item),
                                                     json_string_length(item) };
    }
    return offers_hold(where, out);
}
