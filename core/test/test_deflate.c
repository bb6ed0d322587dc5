/* test_deflate.c: what a server agrees to, what a client offers and takes for an answer, and how
 * both are written (RFC 7692). */
#include "check.h"

#include "extension.h"

#include <stdio.h>

#define DEFLATE(...) { .enabled = true, __VA_ARGS__ }

static bool same_agreed(struct upheld_agreed a, struct upheld_agreed b)
{
    return a.deflate == b.deflate && a.server_no_context_takeover == b.server_no_context_takeover &&
           a.client_no_context_takeover == b.client_no_context_takeover &&
           a.server_max_window_bits == b.server_max_window_bits &&
           a.client_max_window_bits == b.client_max_window_bits &&
           a.server_bits_named == b.server_bits_named && a.client_bits_named == b.client_bits_named;
}

static struct upheld_agreed agreed_on(struct upheld_deflate d, const char *offers)
{
    struct uph_extensions l = { .members = UPH_MEMBERS_ABSENT };
    size_t n = strlen(offers);
    return uph_extension_line(at_edge(0, offers, n), n, 0, d, false, l).agreed;
}

/* The octets of a member as a string. */
static const char *written(struct upheld_agreed m)
{
    static char text[UPHELD_EXTENSIONS_SIZE + 1];
    size_t n = 0;
    for (uint32_t k = 0; k < UPH_PIECES; k++) {
        struct upheld_span piece = uph_deflate_piece(m, k);
        assert_true(piece.n <= UPHELD_EXTENSIONS_SIZE - n);
        if (piece.n > 0) {
            memcpy(text + n, piece.p, piece.n);
        }
        n += piece.n;
    }
    text[n] = 0;
    return text;
}

/* What a server answers to offers; "" where every one is declined. */
static const struct {
    struct upheld_deflate server;
    const char *offers;
    const char *answer;
} ANSWERS[] = {
    /* RFC 7692 sections 7.1.2.1 and 7.1.3, its examples. */
    { DEFLATE(0), "permessage-deflate", "permessage-deflate" },
    { DEFLATE(0), "permessage-deflate; server_max_window_bits=10",
      "permessage-deflate; server_max_window_bits=10" },
    { DEFLATE(0), "permessage-deflate; client_max_window_bits; server_max_window_bits=10",
      "permessage-deflate; server_max_window_bits=10" },
    { DEFLATE(0),
      "permessage-deflate; client_max_window_bits; server_max_window_bits=10,"
      " permessage-deflate; client_max_window_bits",
      "permessage-deflate; server_max_window_bits=10" },
    { DEFLATE(.min_window_bits = 11),
      "permessage-deflate; client_max_window_bits; server_max_window_bits=10,"
      " permessage-deflate; client_max_window_bits",
      "permessage-deflate" },
    /* As browsers and libraries offer it. */
    { DEFLATE(0), "permessage-deflate; client_max_window_bits", "permessage-deflate" },
    { DEFLATE(0), "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover" },
    { DEFLATE(0), "x-webkit-deflate-frame", "" },
    { { 0 }, "permessage-deflate", "" },
    { { .server_no_context_takeover = true }, "permessage-deflate", "" },
    { DEFLATE(0), "", "" },

    /* What is offered is repeated, and the policy adds to it. */
    { DEFLATE(0), "permessage-deflate; server_no_context_takeover",
      "permessage-deflate; server_no_context_takeover" },
    { DEFLATE(0), "permessage-deflate; client_no_context_takeover",
      "permessage-deflate; client_no_context_takeover" },
    { DEFLATE(.server_no_context_takeover = true), "permessage-deflate",
      "permessage-deflate; server_no_context_takeover" },
    { DEFLATE(.client_no_context_takeover = true), "permessage-deflate",
      "permessage-deflate; client_no_context_takeover" },

    /* The server's window: the lesser of offer and policy, never below what it can. */
    { DEFLATE(0), "permessage-deflate; server_max_window_bits=15",
      "permessage-deflate; server_max_window_bits=15" },
    { DEFLATE(0), "permessage-deflate; server_max_window_bits=9",
      "permessage-deflate; server_max_window_bits=9" },
    { DEFLATE(0), "permessage-deflate; server_max_window_bits=8", "" },
    { DEFLATE(.min_window_bits = 8), "permessage-deflate; server_max_window_bits=8",
      "permessage-deflate; server_max_window_bits=8" },
    { DEFLATE(.min_window_bits = 12), "permessage-deflate; server_max_window_bits=11", "" },
    { DEFLATE(.min_window_bits = 12), "permessage-deflate; server_max_window_bits=12",
      "permessage-deflate; server_max_window_bits=12" },
    { DEFLATE(.server_max_window_bits = 12), "permessage-deflate",
      "permessage-deflate; server_max_window_bits=12" },
    { DEFLATE(.server_max_window_bits = 15), "permessage-deflate", "permessage-deflate" },
    { DEFLATE(.server_max_window_bits = 12), "permessage-deflate; server_max_window_bits=13",
      "permessage-deflate; server_max_window_bits=12" },
    { DEFLATE(.server_max_window_bits = 12), "permessage-deflate; server_max_window_bits=11",
      "permessage-deflate; server_max_window_bits=11" },

    /* The client's window: only where the offer lets the server name it. */
    { DEFLATE(.client_max_window_bits = 12), "permessage-deflate", "" },
    { DEFLATE(.client_max_window_bits = 15), "permessage-deflate", "permessage-deflate" },
    { DEFLATE(.client_max_window_bits = 12), "permessage-deflate; client_max_window_bits",
      "permessage-deflate; client_max_window_bits=12" },
    { DEFLATE(.client_max_window_bits = 12), "permessage-deflate; client_max_window_bits=15",
      "permessage-deflate; client_max_window_bits=12" },
    { DEFLATE(.client_max_window_bits = 12), "permessage-deflate; client_max_window_bits=11",
      "permessage-deflate; client_max_window_bits=11" },
    { DEFLATE(0), "permessage-deflate; client_max_window_bits=11",
      "permessage-deflate; client_max_window_bits=11" },
    { DEFLATE(0), "permessage-deflate; client_max_window_bits=8",
      "permessage-deflate; client_max_window_bits=8" },
    { DEFLATE(0), "permessage-deflate; client_max_window_bits=15", "permessage-deflate" },
    { DEFLATE(.client_max_window_bits = 8), "permessage-deflate; client_max_window_bits",
      "permessage-deflate; client_max_window_bits=8" },

    /* The first offer that can be taken; bad ones are passed over. */
    { DEFLATE(0), "permessage-deflate; mode=max, permessage-deflate", "permessage-deflate" },
    { DEFLATE(0), "permessage-deflate; server_max_window_bits=08, permessage-deflate",
      "permessage-deflate" },
    { DEFLATE(0), "permessage-deflate; server_max_window_bits=08", "" },
    { DEFLATE(0), "mux, , permessage-deflate; client_no_context_takeover, permessage-deflate",
      "permessage-deflate; client_no_context_takeover" },
    { DEFLATE(0), "permessage-deflate, permessage-deflate; client_no_context_takeover",
      "permessage-deflate" },
    { DEFLATE(.client_max_window_bits = 10),
      "permessage-deflate, permessage-deflate; client_max_window_bits",
      "permessage-deflate; client_max_window_bits=10" },

    /* All four, in our order. */
    { DEFLATE(.client_no_context_takeover = true),
      "permessage-deflate; client_max_window_bits=\"9\"; server_max_window_bits=\"1\\0\"; "
      "server_no_context_takeover",
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
      "server_max_window_bits=10; client_max_window_bits=9" },
};

static void a_server_answers_the_first_offer_that_it_can_take(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ANSWERS); i++) {
        struct upheld_agreed agreed = agreed_on(ANSWERS[i].server, ANSWERS[i].offers);
        const char *got = written(agreed);
        if (strcmp(got, ANSWERS[i].answer) != 0) {
            fail_msg("row %zu, '%s': expected '%s', got '%s'", i, ANSWERS[i].offers,
                     ANSWERS[i].answer, got);
        }
        assert_int_equal(agreed.deflate, ANSWERS[i].answer[0] != 0);
    }
}

static void what_is_agreed_says_more_than_the_answer(void **state)
{
    static const struct {
        struct upheld_deflate server;
        const char *offers;
        struct upheld_agreed agreed;
    } ROWS[] = {
        { DEFLATE(0), "permessage-deflate; mode=max", { 0 } },
        { DEFLATE(0),
          "permessage-deflate",
          { .deflate = true, .server_max_window_bits = 15, .client_max_window_bits = 15 } },
        { DEFLATE(0),
          "permessage-deflate; client_max_window_bits=15",
          { .deflate = true, .server_max_window_bits = 15, .client_max_window_bits = 15 } },
        { DEFLATE(.server_max_window_bits = 10, .client_max_window_bits = 11),
          "permessage-deflate; client_max_window_bits; server_no_context_takeover",
          { .deflate = true,
            .server_no_context_takeover = true,
            .server_max_window_bits = 10,
            .client_max_window_bits = 11,
            .server_bits_named = true,
            .client_bits_named = true } },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        assert_true(same_agreed(agreed_on(ROWS[i].server, ROWS[i].offers), ROWS[i].agreed));
    }
}

static void a_client_offers_what_it_is_told(void **state)
{
    static const struct {
        struct upheld_deflate client;
        const char *offer;
    } ROWS[] = {
        { { 0 }, "" },
        { { .server_max_window_bits = 10 }, "" },
        { DEFLATE(0), "permessage-deflate; client_max_window_bits" },
        { DEFLATE(.server_max_window_bits = 15, .client_max_window_bits = 15),
          "permessage-deflate; client_max_window_bits" },
        { DEFLATE(.server_max_window_bits = 14, .client_max_window_bits = 14),
          "permessage-deflate; server_max_window_bits=14; client_max_window_bits=14" },
        { DEFLATE(.server_max_window_bits = 8, .client_max_window_bits = 9),
          "permessage-deflate; server_max_window_bits=8; client_max_window_bits=9" },
        { DEFLATE(.server_no_context_takeover = true),
          "permessage-deflate; server_no_context_takeover; client_max_window_bits" },
        { DEFLATE(.client_no_context_takeover = true),
          "permessage-deflate; client_no_context_takeover; client_max_window_bits" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        assert_string_equal(written(uph_deflate_offer(ROWS[i].client)), ROWS[i].offer);
    }
}

/* Answers that a client takes or fails on. */
static const struct {
    struct upheld_deflate client;
    bool holds;
    const char *answer;
} REPLIES[] = {
    { DEFLATE(0), true, "permessage-deflate" },
    { DEFLATE(0), true, ", permessage-deflate ," },
    { { 0 }, false, "permessage-deflate" }, /* not offered */
    { DEFLATE(0), false, "permessage-deflate, permessage-deflate" },
    { DEFLATE(0), false, "permessage-deflate, x" },
    { DEFLATE(0), false, "x-webkit-deflate-frame" },
    { DEFLATE(0), false, "Permessage-Deflate" },
    { DEFLATE(0), false, "" },
    { DEFLATE(0), false, " , " },
    { DEFLATE(0), false, "permessage-deflate;" },
    { DEFLATE(0), false, "permessage-deflate; mode=max" },
    { DEFLATE(0), true, "permessage-deflate; server_no_context_takeover" },
    { DEFLATE(0), true, "permessage-deflate; client_no_context_takeover" },
    { DEFLATE(0), false, "permessage-deflate; client_no_context_takeover=1" },
    { DEFLATE(0), false,
      "permessage-deflate; server_no_context_takeover; server_no_context_takeover" },
    { DEFLATE(.server_no_context_takeover = true), false, "permessage-deflate" },
    { DEFLATE(.server_no_context_takeover = true), true,
      "permessage-deflate; server_no_context_takeover" },
    { DEFLATE(.client_no_context_takeover = true), true, "permessage-deflate" },

    { DEFLATE(0), true, "permessage-deflate; server_max_window_bits=8" },
    { DEFLATE(0), true, "permessage-deflate; server_max_window_bits=15" },
    { DEFLATE(0), true, "permessage-deflate; server_max_window_bits=\"10\"" },
    { DEFLATE(0), false, "permessage-deflate; server_max_window_bits=16" },
    { DEFLATE(0), false, "permessage-deflate; server_max_window_bits=7" },
    { DEFLATE(0), false, "permessage-deflate; server_max_window_bits=08" },
    { DEFLATE(0), false, "permessage-deflate; server_max_window_bits" },
    { DEFLATE(.server_max_window_bits = 10), true, "permessage-deflate; server_max_window_bits=9" },
    { DEFLATE(.server_max_window_bits = 10), true,
      "permessage-deflate; server_max_window_bits=10" },
    { DEFLATE(.server_max_window_bits = 10), false,
      "permessage-deflate; server_max_window_bits=11" },
    { DEFLATE(.server_max_window_bits = 10), false, "permessage-deflate" },

    { DEFLATE(0), false, "permessage-deflate; client_max_window_bits" },
    { DEFLATE(0), true, "permessage-deflate; client_max_window_bits=9" },
    { DEFLATE(0), true, "permessage-deflate; client_max_window_bits=15" },
    { DEFLATE(0), false, "permessage-deflate; client_max_window_bits=16" },
    { DEFLATE(0), false, "permessage-deflate; client_max_window_bits=8" }, /* zlib cannot */
    { DEFLATE(.min_window_bits = 8), true, "permessage-deflate; client_max_window_bits=8" },
    { DEFLATE(.min_window_bits = 10), false, "permessage-deflate; client_max_window_bits=9" },
    { DEFLATE(.client_max_window_bits = 10), true,
      "permessage-deflate; client_max_window_bits=10" },
    { DEFLATE(.client_max_window_bits = 10), false,
      "permessage-deflate; client_max_window_bits=11" },
    { DEFLATE(.client_max_window_bits = 10), true, "permessage-deflate" },
};

/* Nothing agreed where the client has to fail. */
static struct upheld_agreed reply_to(struct upheld_deflate d, const char *answer)
{
    static const struct upheld_agreed NOTHING;
    struct uph_extensions l = { .members = UPH_MEMBERS_ABSENT };
    size_t n = strlen(answer);
    l = uph_extension_line(at_edge(0, answer, n), n, 0, d, true, l);
    return l.members == UPH_MEMBERS_ONE ? l.agreed : NOTHING;
}

static void a_client_takes_only_what_answers_its_offer(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(REPLIES); i++) {
        struct upheld_agreed got = reply_to(REPLIES[i].client, REPLIES[i].answer);
        if (got.deflate != REPLIES[i].holds) {
            fail_msg("row %zu, '%s': expected %d, got %d", i, REPLIES[i].answer, REPLIES[i].holds,
                     got.deflate);
        }
        if (!got.deflate) {
            assert_true(same_agreed(got, (struct upheld_agreed){ 0 }));
        }
    }
}

/* A client keeps what it offered of itself, whether the server answers it or not. */
static void a_client_is_bound_by_its_own_offer(void **state)
{
    struct upheld_deflate d =
        DEFLATE(.client_no_context_takeover = true, .client_max_window_bits = 10);
    struct upheld_agreed got = reply_to(d, "permessage-deflate");
    (void)state;
    assert_true(got.client_no_context_takeover);
    assert_int_equal(got.client_max_window_bits, 10);
    assert_false(got.client_bits_named);
    assert_false(got.server_no_context_takeover);
    assert_int_equal(got.server_max_window_bits, 15);
    got = reply_to(d, "permessage-deflate; client_max_window_bits=9");
    assert_int_equal(got.client_max_window_bits, 9);
    assert_true(got.client_bits_named);
}

/* Side i of a table of sides that are apart enough: what is set, and what is not. */
static struct upheld_deflate side(unsigned i, bool *valid, bool server)
{
    static const uint8_t BITS[] = { 0, 8, 9, 10, 14, 15 };
    struct upheld_deflate d = {
        .enabled = true,
        .server_no_context_takeover = i % 2 == 1,
        .client_no_context_takeover = i / 2 % 2 == 1,
        .server_max_window_bits = BITS[i / 4 % 6],
        .client_max_window_bits = BITS[i / 24 % 6],
        .min_window_bits = i / 144 % 2 == 1 ? 8 : 0,
    };
    *valid = uph_deflate_holds(d, server ? d.server_max_window_bits : d.client_max_window_bits);
    return d;
}

/* What our server answers to our client, the client takes, and both hold the same agreed; but for
 * a window that the client cannot compress with, of which no server can know. */
static void both_sides_agree_on_the_same(void **state)
{
    unsigned agreed = 0, declined = 0, failed = 0;
    (void)state;
    for (unsigned i = 0; i < 288; i++) {
        bool valid;
        struct upheld_deflate client = side(i, &valid, false);
        if (!valid) {
            continue;
        }
        char offer[UPHELD_EXTENSIONS_SIZE + 1];
        strcpy(offer, written(uph_deflate_offer(client)));
        for (unsigned j = 0; j < 288; j++) {
            struct upheld_deflate server = side(j, &valid, true);
            if (!valid) {
                continue;
            }
            struct upheld_agreed there = agreed_on(server, offer);
            if (!there.deflate) {
                declined++;
                assert_true(client.server_max_window_bits == 8 && server.min_window_bits == 0);
                continue;
            }
            struct upheld_agreed here = reply_to(client, written(there));
            if (there.client_max_window_bits == 8 && client.min_window_bits == 0) {
                failed++;
                assert_false(here.deflate);
                continue;
            }
            agreed++;
            assert_true(here.deflate && same_agreed(here, there));
        }
    }
    assert_true(agreed > 10000 && declined > 1000 && failed > 1000);
}

static void the_value_is_written_whole_or_not_at_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ANSWERS); i++) {
        struct upheld_agreed agreed = agreed_on(ANSWERS[i].server, ANSWERS[i].offers);
        size_t n = strlen(ANSWERS[i].answer);
        uint8_t blank[UPHELD_EXTENSIONS_SIZE];
        memset(blank, '#', sizeof blank);
        assert_int_equal(upheld_extensions_write(agreed, NULL, 0), n);
        uint8_t *out = at_edge(1, blank, n);
        assert_int_equal(upheld_extensions_write(agreed, out, n), n);
        assert_memory_equal(out, ANSWERS[i].answer, n);
        if (n > 0) {
            out = at_edge(1, blank, n - 1);
            assert_int_equal(upheld_extensions_write(agreed, out, n - 1), n);
            assert_memory_equal(out, blank, n - 1);
        }
    }
}

static void the_longest_value_has_the_size_that_is_promised(void **state)
{
    struct upheld_agreed agreed =
        agreed_on((struct upheld_deflate)DEFLATE(.client_max_window_bits = 14),
                  "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
                  "server_max_window_bits=10; client_max_window_bits");
    (void)state;
    assert_int_equal(upheld_extensions_write(agreed, NULL, 0), UPHELD_EXTENSIONS_SIZE);
}

/* A caller's struct that no decision made: no number of bits is written that RFC 7692 has not. */
static void bits_out_of_range_are_not_written(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 256; bits++) {
        struct upheld_agreed agreed = {
            .deflate = true,
            .server_max_window_bits = (uint8_t)bits,
            .client_max_window_bits = (uint8_t)bits,
            .server_bits_named = true,
            .client_bits_named = true,
        };
        char want[UPHELD_EXTENSIONS_SIZE] = "permessage-deflate";
        if (bits == 0) { /* as it is offered */
            strcat(want, "; client_max_window_bits");
        } else if (8 <= bits && bits <= 15) {
            snprintf(want, sizeof want,
                     "permessage-deflate; server_max_window_bits=%u; client_max_window_bits=%u",
                     bits, bits);
        }
        assert_string_equal(written(agreed), want);
    }
}

static void window_bits_are_8_to_15_or_none(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 256; bits++) {
        bool good = bits == 0 || (8 <= bits && bits <= 15);
        for (int which = 0; which < 3; which++) {
            struct upheld_deflate d = { 0 };
            uint8_t *fields[] = { &d.server_max_window_bits, &d.client_max_window_bits,
                                  &d.min_window_bits };
            *fields[which] = (uint8_t)bits;
            /* zlib, unless told otherwise, does not compress with 8 */
            assert_int_equal(uph_deflate_holds(d, d.server_max_window_bits),
                             good && !(which == 0 && bits == 8));
            assert_int_equal(uph_deflate_holds(d, d.client_max_window_bits),
                             good && !(which == 1 && bits == 8));
        }
    }
}

static void the_least_window_is_not_above_the_greatest(void **state)
{
    (void)state;
    for (uint8_t min = 8; min <= 15; min++) {
        for (uint8_t max = 8; max <= 15; max++) {
            struct upheld_deflate server = { .server_max_window_bits = max,
                                             .min_window_bits = min };
            struct upheld_deflate client = { .client_max_window_bits = max,
                                             .min_window_bits = min };
            assert_int_equal(uph_deflate_holds(server, max), min <= max);
            assert_int_equal(uph_deflate_holds(client, max), min <= max);
            assert_true(uph_deflate_holds(server, 0) && uph_deflate_holds(client, 15));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_answers_the_first_offer_that_it_can_take),
        cmocka_unit_test(what_is_agreed_says_more_than_the_answer),
        cmocka_unit_test(a_client_offers_what_it_is_told),
        cmocka_unit_test(a_client_takes_only_what_answers_its_offer),
        cmocka_unit_test(a_client_is_bound_by_its_own_offer),
        cmocka_unit_test(both_sides_agree_on_the_same),
        cmocka_unit_test(the_value_is_written_whole_or_not_at_all),
        cmocka_unit_test(the_longest_value_has_the_size_that_is_promised),
        cmocka_unit_test(bits_out_of_range_are_not_written),
        cmocka_unit_test(window_bits_are_8_to_15_or_none),
        cmocka_unit_test(the_least_window_is_not_above_the_greatest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
