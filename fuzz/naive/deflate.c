/* deflate.c: what a server makes of the offers of permessage-deflate in a head, and a client of the
 * answer (RFC 7692 5 and 7.1).
 * Reads values that are well-formed lists of extensions: none of their commas, semicolons and
 * equals signs is quoted, so that they are cut there. extension.c says whether they are.
 */
#include <string.h>

#include "naive.h"

struct parameter {
    struct upheld_span name, value;
    bool valued;
};

/* An offer and what was said in it. */
struct offer {
    bool broken;
    size_t server_free, client_free; /* how often "without context takeover" stands */
    size_t server_named, client_named;
    uint8_t server_bits, client_bits; /* 0: no number */
};

/* Takes what stands before the separator off the front; false at the end. */
static bool cut(struct upheld_span *rest, uint8_t separator, struct upheld_span *piece)
{
    if (rest->p == NULL) {
        return false;
    }
    const uint8_t *end = rest->n == 0 ? NULL : memchr(rest->p, separator, rest->n);
    size_t n = end == NULL ? rest->n : (size_t)(end - rest->p);
    *piece = naive_strip((struct upheld_span){ rest->p, n });
    *rest = end == NULL ? (struct upheld_span){ NULL, 0 }
                        : (struct upheld_span){ end + 1, rest->n - n - 1 };
    return true;
}

static struct parameter parameter_of(struct upheld_span text)
{
    struct parameter parameter = { 0 };
    (void)cut(&text, '=', &parameter.name);
    parameter.valued = cut(&text, '=', &parameter.value);
    return parameter;
}

/* The number that a value writes, its quotes and backslashes taken off; 0 for any other than
 * those of RFC 7692 7.1.2. */
static uint8_t bits_of(struct upheld_span value)
{
    static const char *const numbers[] = { "8", "9", "10", "11", "12", "13", "14", "15" };
    char plain[3] = { 0 };
    size_t n = 0;

    for (size_t i = 0; i < value.n; i++) {
        if (value.p[i] != '"' && value.p[i] != '\\') {
            if (n == 2) {
                return 0;
            }
            plain[n++] = (char)value.p[i];
        }
    }
    for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
        if (strlen(numbers[k]) == n && memcmp(plain, numbers[k], n) == 0) {
            return (uint8_t)(8 + k);
        }
    }
    return 0;
}

static void add(struct offer *offer, struct parameter parameter)
{
    if (naive_is(parameter.name, "server_no_context_takeover")) {
        offer->server_free++;
        offer->broken = offer->broken || parameter.valued;
    } else if (naive_is(parameter.name, "client_no_context_takeover")) {
        offer->client_free++;
        offer->broken = offer->broken || parameter.valued;
    } else if (naive_is(parameter.name, "server_max_window_bits")) {
        offer->server_named++;
        offer->server_bits = bits_of(parameter.value);
        offer->broken = offer->broken || offer->server_bits == 0;
    } else if (naive_is(parameter.name, "client_max_window_bits")) {
        offer->client_named++;
        offer->client_bits = bits_of(parameter.value);
        offer->broken = offer->broken || (parameter.valued && offer->client_bits == 0);
    } else {
        offer->broken = true;
    }
}

/* False: it is another extension. */
static bool read_offer(struct upheld_span member, struct offer *offer)
{
    struct upheld_span piece;
    *offer = (struct offer){ 0 };
    if (!cut(&member, ';', &piece) || !naive_is(piece, "permessage-deflate")) {
        return false;
    }
    while (cut(&member, ';', &piece)) {
        add(offer, parameter_of(piece));
    }
    offer->broken = offer->broken || offer->server_free > 1 || offer->client_free > 1 ||
                    offer->server_named > 1 || offer->client_named > 1;
    return true;
}

static uint8_t or_default(uint8_t bits, uint8_t meant)
{
    return bits == 0 ? meant : bits;
}

/* RFC 7692 7.1: a server declines what it cannot do. */
static bool can_be_met(struct offer offer, struct upheld_deflate own)
{
    bool wide_enough =
        offer.server_named == 0 || offer.server_bits >= or_default(own.min_window_bits, 9);
    bool client_limited = own.client_max_window_bits != 0 && own.client_max_window_bits != 15;
    return !offer.broken && wide_enough && (!client_limited || offer.client_named > 0);
}

static struct upheld_agreed agreed_on(struct offer offer, struct upheld_deflate own)
{
    uint8_t server = or_default(own.server_max_window_bits, 15);
    uint8_t client = or_default(own.client_max_window_bits, 15);
    server = offer.server_bits != 0 && offer.server_bits < server ? offer.server_bits : server;
    client = offer.client_bits != 0 && offer.client_bits < client ? offer.client_bits : client;
    return (struct upheld_agreed){
        .deflate = true,
        .server_no_context_takeover = offer.server_free > 0 || own.server_no_context_takeover,
        .client_no_context_takeover = offer.client_free > 0 || own.client_no_context_takeover,
        .server_max_window_bits = server,
        .client_max_window_bits = client,
        .server_bits_named = offer.server_named > 0 || server != 15,
        .client_bits_named = offer.client_named > 0 && client != 15,
    };
}

struct upheld_agreed naive_agreed(const struct naive_head *head, struct upheld_deflate own)
{
    for (size_t i = 0; own.enabled && i < head->count; i++) {
        struct naive_members list = naive_list(head->fields[i].value);
        struct upheld_span member;
        bool here = naive_is_any_case(head->fields[i].name, "sec-websocket-extensions");
        while (here && naive_next(&list, &member)) {
            struct offer offer;
            if (read_offer(member, &offer) && can_be_met(offer, own)) {
                return agreed_on(offer, own);
            }
        }
    }
    return (struct upheld_agreed){ 0 };
}

/* RFC 7692 7.1: the answer has what was asked for, and asks for nothing that cannot be done. Window
 * bits that were not named are 15. */
static bool answers(struct offer answer, struct upheld_deflate own)
{
    uint8_t server = or_default(answer.server_bits, 15);
    uint8_t most = or_default(own.client_max_window_bits, 15);
    uint8_t least = or_default(own.min_window_bits, 9);
    bool client =
        answer.client_named == 0 || (answer.client_bits >= least && answer.client_bits <= most);
    return !answer.broken && server <= or_default(own.server_max_window_bits, 15) && client &&
           (answer.server_free > 0 || !own.server_no_context_takeover);
}

struct upheld_agreed naive_answered(struct upheld_span value, struct upheld_deflate own)
{
    struct naive_members list = naive_list(value);
    struct upheld_span member, other;
    struct offer answer;

    if (!own.enabled || naive_extensions(value) != 1 || !naive_next(&list, &member) ||
        naive_next(&list, &other) || !read_offer(member, &answer) || !answers(answer, own)) {
        return (struct upheld_agreed){ 0 };
    }
    uint8_t bound = or_default(own.client_max_window_bits, 15);
    return (struct upheld_agreed){
        .deflate = true,
        .server_no_context_takeover = answer.server_free > 0,
        .client_no_context_takeover = answer.client_free > 0 || own.client_no_context_takeover,
        .server_max_window_bits = or_default(answer.server_bits, 15),
        .client_max_window_bits = answer.client_named > 0 ? answer.client_bits : bound,
        .server_bits_named = answer.server_named > 0,
        .client_bits_named = answer.client_named > 0,
    };
}

bool naive_same_agreed(struct upheld_agreed a, struct upheld_agreed b)
{
    return a.deflate == b.deflate && a.server_no_context_takeover == b.server_no_context_takeover &&
           a.client_no_context_takeover == b.client_no_context_takeover &&
           a.server_max_window_bits == b.server_max_window_bits &&
           a.client_max_window_bits == b.client_max_window_bits &&
           a.server_bits_named == b.server_bits_named && a.client_bits_named == b.client_bits_named;
}
