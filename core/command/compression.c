/* compression.c: what a side agrees to of permessage-deflate, from JSON, as policy.schema.json
 * describes it. Knows keys and types; what the values must be is the core's to say.
 */
#include "command.h"

#include <string.h>

static bool read_flag(const char *where, const char *key, const json_t *value, bool *out)
{
    *out = json_is_true(value);
    if (!json_is_boolean(value)) {
        command_error("%s.%s: expected true or false", where, key);
    }
    return json_is_boolean(value);
}

static bool read_bits(const char *where, const char *key, const json_t *value, uint8_t *out)
{
    json_int_t bits = json_integer_value(value);
    bool fits = json_is_integer(value) && 0 <= bits && bits <= UINT8_MAX;
    if (fits) {
        *out = (uint8_t)bits;
    } else {
        command_error("%s.%s: expected 0, or a whole number from 8 to 15", where, key);
    }
    return fits;
}

static bool read_key(const char *where, const char *key, const json_t *value,
                     struct upheld_deflate *out)
{
    const struct {
        const char *key;
        bool *to;
    } flags[] = {
        { "enabled", &out->enabled },
        { "server_no_context_takeover", &out->server_no_context_takeover },
        { "client_no_context_takeover", &out->client_no_context_takeover },
    };
    const struct {
        const char *key;
        uint8_t *to;
    } bits[] = {
        { "server_max_window_bits", &out->server_max_window_bits },
        { "client_max_window_bits", &out->client_max_window_bits },
        { "min_window_bits", &out->min_window_bits },
    };
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (strcmp(flags[i].key, key) == 0) {
            return read_flag(where, key, value, flags[i].to);
        }
    }
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        if (strcmp(bits[i].key, key) == 0) {
            return read_bits(where, key, value, bits[i].to);
        }
    }
    command_error("%s: unknown key '%s'; known are enabled, server_no_context_takeover,"
                  " client_no_context_takeover, server_max_window_bits, client_max_window_bits,"
                  " min_window_bits",
                  where, key);
    return false;
}

bool compression_read(const char *where, json_t *value, struct upheld_deflate *out)
{
    if (!json_is_object(value)) {
        command_error("%s: expected an object", where);
        return false;
    }
    for (void *at = json_object_iter(value); at != NULL; at = json_object_iter_next(value, at)) {
        if (!read_key(where, json_object_iter_key(at), json_object_iter_value(at), out)) {
            return false;
        }
    }
    return true;
}
