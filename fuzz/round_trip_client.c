/* round_trip_client.c: part of the target round_trip: bounds of what a client may be. Starts from
 * one that upheld_client_check() takes, puts one thing wrong, and expects that it is named.
 */
#include "fuzz.h"
#include "round_trip.h"

static void expect(const struct upheld_client *client, enum upheld_client_error error)
{
    FUZZ_CHECK(upheld_client_check(client) == error, "R6455-4.1-1",
               "a client is refused for what is wrong with it, and for nothing else");
}

static void check_limits(struct upheld_client client)
{
    uint32_t *const limits[] = { &client.limits.line, &client.limits.head, &client.limits.fields,
                                 &client.interim };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        uint32_t kept = *limits[i];
        *limits[i] = UPHELD_LIMIT_MAX;
        expect(&client, UPHELD_CLIENT_OK);
        *limits[i] = UPHELD_LIMIT_MAX + 1;
        expect(&client, UPHELD_CLIENT_LIMIT);
        *limits[i] = 0;
        expect(&client, UPHELD_CLIENT_LIMIT);
        *limits[i] = kept;
    }
}

static void check_counts(const struct upheld_client client)
{
    struct upheld_client other = client;
    other.subprotocol_count = UPHELD_NAMES_MAX + 1;
    expect(&other, UPHELD_CLIENT_COUNT);
    other = client;
    other.field_count = UPHELD_NAMES_MAX + 1;
    expect(&other, UPHELD_CLIENT_COUNT);
    other = client;
    other.subprotocols = NULL;
    expect(&other, client.subprotocol_count > 0 ? UPHELD_CLIENT_COUNT : UPHELD_CLIENT_OK);
    other = client;
    other.fields = NULL;
    expect(&other, client.field_count > 0 ? UPHELD_CLIENT_COUNT : UPHELD_CLIENT_OK);
}

static void check_key(struct upheld_client client)
{
    static const struct {
        size_t at;
        uint8_t octet;
    } wrong[] = { { 0, '!' }, { 15, '=' }, { 21, 'B' }, { 21, '=' }, { 22, 'A' }, { 23, 'A' } };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint8_t kept = client.key[wrong[i].at];
        client.key[wrong[i].at] = wrong[i].octet;
        expect(&client, UPHELD_CLIENT_KEY);
        client.key[wrong[i].at] = kept;
    }
    memset(client.key, 0, sizeof client.key);
    expect(&client, UPHELD_CLIENT_KEY);
}

static void check_windows(struct upheld_client client)
{
    uint8_t *const bits[] = { &client.deflate.server_max_window_bits,
                              &client.deflate.client_max_window_bits,
                              &client.deflate.min_window_bits };
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        uint8_t kept = *bits[i];
        *bits[i] = 7;
        expect(&client, UPHELD_CLIENT_DEFLATE);
        *bits[i] = 16;
        expect(&client, UPHELD_CLIENT_DEFLATE);
        *bits[i] = kept;
    }
    client.deflate.min_window_bits = 10;
    client.deflate.client_max_window_bits = 9;
    expect(&client, UPHELD_CLIENT_DEFLATE);
}

void check_client_bounds(struct upheld_client client)
{
    check_limits(client);
    check_counts(client);
    check_key(client);
    check_windows(client);
}
