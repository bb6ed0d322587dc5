/* mutator_test.c: unit tests of the mutator, under ASan and UBSan: what each operation makes of a
 * head that is known, that none leaves its room, that a seed decides, and which share of the calls
 * stays the engine's own. */

/* cmocka.h wants these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "../mutator.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define SEEDS 20000u /* of an operation on one head: its choices are fewer than a tenth */
#define ROOM 9000    /* of a head that grows to the default limit of a target */

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two,
                                 size_t two_size, uint8_t *out, size_t max_size, unsigned seed);
void *afl_custom_init(void *afl, unsigned seed);
size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t buf_size, uint8_t **out_buf,
                       uint8_t *add_buf, size_t add_buf_size, size_t max_size);
void afl_custom_deinit(void *data);

static const char head[] = "GET / HTTP/1.1\r\n"
                           "Host: a\r\n"
                           "Connection: x, y\r\n"
                           "Connection: Upgrade\r\n"
                           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                           "Sec-WebSocket-Extensions: permessage-deflate; b=10\r\n"
                           "\r\n";
static const char reply[] = "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\n\r\n";

#define FAULTY "G /\r\nB: 1\r\nconnection: x, Upgrade\r\n\r\n"
static const char faulty[] = FAULTY;

/* ---- What each operation makes of a head ---------------------------------------------------- */

/* With some seed, `change` makes of `in` what it is with `old`, which stands in it, as `new`. */
struct row {
    const char *name, *old, *new, *in;
};

static const struct row rows[] = {
    { "change_start", "GET", "OPTIONS", head },
    { "change_start", "/ HTTP", "* HTTP", head },
    { "change_start", "HTTP/1.1\r", "HTTP/1.0\r", head },
    { "change_start", "101", "100", reply },
    { "put_head_before", "GET", "\r\nGET", head },
    { "put_head_before", "HTTP/1.1 1", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 1", reply },
    { "put_behind", "b=10\r\n\r\n", "b=10\r\n\r\nhello", head },
    { "cut_short", "Upgrade: websocket\r\n\r\n", "", reply },
    { "cut_short", "01 OK\r\nUpgrade: websocket\r\n\r\n", "", reply },
    { "make_whole", FAULTY,
      "GET / HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nB: 1\r\n\r\n",
      faulty },
    { "make_whole", FAULTY,
      "GET / HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
      "connection: x, Upgrade\r\n\r\n",
      faulty },
    { "make_whole", "101 OK\r\nUpgrade: websocket\r\n\r\n",
      "101 Switching Protocols\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nUpgrade: websocket\r\n\r\n",
      reply },
    { "add_field", "Host: a\r\n", "Host: a\r\nExpect: 100-continue\r\n", head },
    { "add_field", "Host: a\r\n", "Content-Length: 0\r\nHost: a\r\n", head },
    { "double_line", "Host: a\r\n", "Host: a\r\nHost: a\r\n", head },
    { "double_line", "GET", "Host: a\r\nGET", head },
    { "drop_line", "Host: a\r\n", "", head },
    { "swap_lines", "Host: a\r\nConnection: x, y\r\n", "Connection: x, y\r\nHost: a\r\n", head },
    { "split_line", "x, y", "x\r\nConnection: y", head },
    { "join_lines", "y\r\nConnection: Upgrade", "y,Upgrade", head },
    { "change_line_end", "Host: a\r\n", "Host: a\n", head },
    { "change_line_end", "Host: a\r\n", "Host: a\r\n ", head },
    { "change_line_end", "Host: a\r\n", "Host: a", head },
    { "change_name", "Host:", "Host :", head },
    { "change_name", "Host:", "Host", head },
    { "change_name", "Host:", ":", head },
    { "change_name", "Host:", "\tHost:", head },
    { "change_name", "Host:", "Origin:", head },
    { "change_value", "x, y", "close", head },
    { "change_space", "Host: a", "Host:a", head },
    { "change_space", "Host: a", "Host: a\t", head },
    { "extend_value", "Host: a", "Host: a.example", head },
    { "extend_value", "dGhlIHNhbXBsZSBub25jZQ==", "dGhl", head },
    { "extend_value", "dGhlIHNhbXBsZSBub25jZQ==", "ZQ==", head },
    { "add_member", "x, y", "x, y,", head },
    { "add_member", "x, y", "x, ,, y", head },
    { "add_member", "Upgrade\r", "Upgrade, close\r", head },
    { "add_member", "Upgrade\r", "chat, Upgrade\r", head },
    { "drop_member", "x, y", "x", head },
    { "drop_member", "x, y", " y", head },
    { "repeat_member", "x, y", " y,x", head },
    { "repeat_member", "x, y", "x,x, y", head },
    { "change_member", "x, y", "chat, y", head },
    { "change_separator", "x, y", "x; y", head },
    { "change_separator", "x, y", "x, y,", head },
    { "change_parameter", "; b=10", "", head },
    { "change_parameter", "; b=10", "; b=10; b=10", head },
    { "change_parameter", "; b=10", "; b=10; server_no_context_takeover", head },
    { "change_parameter", " b=10", "client_max_window_bits", head },
    { "change_quotes", "=10", "=\"10\"", head },
    { "change_quotes", "=10", "=\\10", head },
    { "change_quotes", "=10", "=10\"", head },
    { "change_case", "Upgrade", "uPGRADE", head },
    { "change_case", "Upgrade", "UpgRade", head },
    { "change_case", "GET", "get", head },
    { "miss_word", "Upgrade", "Upgrad", head },
    { "miss_word", "Upgrade", "pgrade", head },
    { "miss_word", "Upgrade", "Upggrade", head },
    { "miss_word", "Upgrade", "Uprgade", head },
    { "miss_word", "Host: a", "Host: a.example", head },
    { "miss_word", "Upgrade", "Upcrade", head },
    { "put_octet", "Host", "Ho\x80st", head },
    { "put_octet", "Host", "Ho:t", head },
    { "change_number", "=10", "=18446744073709551616", head },
    { "change_number", "=10", "=4294967306", head },
    { "change_number", "=10", "=18446744073709551626", head },
    { "change_number", "=10", "=11", head },
    { "change_number", "=10", "=010", head },
    { "change_number", "=10", "=+10", head },
    { "change_number", "=10", "=10x", head },
    { "change_key", "ZQ==", "ZQ=", head },
    { "change_key", "ZQ==", "ZR==", head },
    { "change_key", "ZQ==", "Z_==", head },
    { "change_key", "ZQ==", "ZQAA", head },
    { "change_key", "dGhl", "dGhldGhl", head },
    { "change_key", "dGhl", "", head },
    { "fit_size", "/ ", "/aaaaaaaaaaa ", head },
    { "fit_size", "/ ", "/aaaaaaaaaaaa ", head },
    { "fit_size", "Upgrade: websocket", "Upgrade: websocketaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      reply },
    { "fit_fields", "Host", "a:\r\na:\r\na:\r\nHost", head },
};

static const struct mutator_op *find(const char *name)
{
    for (size_t i = 0; i < mutator_op_count; i++) {
        if (strcmp(mutator_ops[i].name, name) == 0) {
            return &mutator_ops[i];
        }
    }
    fail_msg("%s: no operation has this name; fit the table of this test", name);
    return NULL;
}

/* What is expected of a row, in out; its size. */
static size_t expected(const struct row *row, char *out)
{
    const char *at = strstr(row->in, row->old);
    assert_non_null(at);
    size_t before = (size_t)(at - row->in);
    memcpy(out, row->in, before);
    strcpy(out + before, row->new);
    strcat(out, at + strlen(row->old));
    return strlen(out);
}

static void each_operation_makes_what_it_says(void **state)
{
    static uint8_t octets[ROOM];
    char want[ROOM];
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct mutator_op *op = find(rows[i].name);
        size_t size = expected(&rows[i], want);
        bool seen = false;
        for (unsigned seed = 0; seed < SEEDS && !seen; seed++) {
            struct mutator_text t = { octets, strlen(rows[i].in), ROOM, seed };
            memcpy(octets, rows[i].in, t.n);
            seen = op->change(&t) && t.n == size && memcmp(octets, want, size) == 0;
        }
        if (!seen) {
            fail_msg("%s: no seed makes '%s' of '%s'", op->name, rows[i].new, rows[i].old);
        }
    }
}

static void each_operation_has_a_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < mutator_op_count; i++) {
        size_t count = 0;
        for (size_t k = 0; k < COUNT(rows); k++) {
            count += strcmp(rows[k].name, mutator_ops[i].name) == 0 ? 1 : 0;
        }
        /* What that one puts in is no text, and has a test of its own. */
        if (count == 0 && mutator_ops[i].change != mutator_change_choice) {
            fail_msg("%s: add what it makes of a head to the table", mutator_ops[i].name);
        }
    }
}

/* The octets behind a head by which a target chooses its policy. */
static void a_choice_is_put_behind_and_then_changed(void **state)
{
    uint8_t octets[ROOM];
    struct mutator_text t = { octets, sizeof head - 1, ROOM, 7 };
    (void)state;
    memcpy(octets, head, t.n);
    assert_true(mutator_change_choice(&t));
    assert_int_equal(t.n, sizeof head - 1 + 9);
    assert_memory_equal(octets, head, sizeof head - 1);
    assert_int_equal(octets[t.n - 9], 0xff);
    uint8_t kept[ROOM];
    memcpy(kept, octets, t.n);
    assert_true(mutator_change_choice(&t));
    assert_int_equal(t.n, sizeof head - 1 + 9);
    assert_memory_equal(octets, kept, t.n - 8);
    assert_memory_not_equal(octets + t.n - 8, kept + t.n - 8, 8);
}

/* ---- Room and seeds ------------------------------------------------------------------------- */

/* One operation in a block of the exact size of its room. */
static void apply(const struct mutator_op *op, const void *in, size_t n, size_t most, uint64_t seed)
{
    uint8_t *block = malloc(most + 1);
    assert_non_null(block);
    uint8_t *p = realloc(block, most > 0 ? most : 1);
    assert_non_null(p);
    memcpy(p, in, n);
    struct mutator_text t = { p, n, most, seed };
    bool changed = op->change(&t);
    assert_true(t.n <= most);
    if (!changed && (t.n != n || memcmp(p, in, n) != 0)) {
        fail_msg("%s, seed %llu, room %zu of %zu: says that it changed nothing", op->name,
                 (unsigned long long)seed, most - n, n);
    }
    free(p);
}

static void no_operation_leaves_its_room(void **state)
{
    (void)state;
    for (size_t i = 0; i < mutator_op_count; i++) {
        for (uint64_t seed = 0; seed < 2000; seed++) {
            apply(&mutator_ops[i], head, sizeof head - 1, sizeof head - 1 + seed % 24, seed);
            apply(&mutator_ops[i], reply, sizeof reply - 1, sizeof reply - 1 + seed % 600, seed);
        }
    }
}

/* Octets that parsers know, in any order. */
static size_t nonsense(uint8_t *out, size_t most, struct mutator_text *random)
{
    static const char *const pieces[] = { "\r\n", "\n", ":",         " ",  ",",       ";",
                                          "=",    "\"", "Host",      "a",  "1",       "99",
                                          "\xff", "\r", "HTTP/1.1 ", "==", "x: y\r\n" };
    size_t n = 0, count = mutator_below(random, 24);
    for (size_t i = 0; i < count; i++) {
        const char *piece = pieces[mutator_below(random, COUNT(pieces))];
        if (n + strlen(piece) <= most) {
            memcpy(out + n, piece, strlen(piece));
            n += strlen(piece);
        }
        if (n < most && mutator_once_in(random, 8)) {
            out[n++] = (uint8_t)mutator_below(random, 256);
        }
    }
    return n;
}

static void any_octets_are_borne(void **state)
{
    struct mutator_text random = { .random = 1 };
    (void)state;
    for (unsigned round = 0; round < 100000; round++) {
        uint8_t a[128], b[128];
        size_t an = nonsense(a, sizeof a, &random), bn = nonsense(b, sizeof b, &random);
        size_t most = an + mutator_below(&random, 64);
        apply(&mutator_ops[round % mutator_op_count], a, an, most, round);
        uint8_t *out = malloc(most > 0 ? most : 1);
        assert_non_null(out);
        assert_true(mutator_cross(a, an, b, bn, out, most, round) <= most);
        memcpy(out, a, an);
        assert_true(mutator_change(out, an, most, 4, round) <= most);
        free(out);
    }
}

static void a_seed_decides(void **state)
{
    uint8_t one[ROOM], two[ROOM];
    size_t different = 0;
    (void)state;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        memcpy(one, head, sizeof head - 1);
        memcpy(two, head, sizeof head - 1);
        size_t n = mutator_change(one, sizeof head - 1, ROOM, 3, seed);
        assert_true(n > 0);
        assert_int_equal(mutator_change(two, sizeof head - 1, ROOM, 3, seed), n);
        assert_memory_equal(one, two, n);
        memcpy(two, head, sizeof head - 1);
        different += mutator_change(two, sizeof head - 1, ROOM, 3, seed + 1) != n ||
                     memcmp(one, two, n) != 0;
    }
    assert_true(different > 900);
}

static void what_has_no_room_or_no_octets_is_left(void **state)
{
    uint8_t octets[1] = { 'a' };
    (void)state;
    assert_int_equal(mutator_change(octets, 1, 0, 1, 0), 0);
    assert_int_equal(mutator_change(octets, 0, 1, 1, 0), 0);
    assert_int_equal(mutator_cross(octets, 1, octets, 1, octets, 0, 0), 0);
}

/* ---- Two heads ------------------------------------------------------------------------------ */

static bool crosses(const char *a, const char *b, const char *want)
{
    uint8_t out[ROOM];
    for (unsigned seed = 0; seed < SEEDS; seed++) {
        size_t n = mutator_cross((const uint8_t *)a, strlen(a), (const uint8_t *)b, strlen(b), out,
                                 ROOM, seed);
        if (n == strlen(want) && memcmp(out, want, n) == 0) {
            return true;
        }
    }
    return false;
}

static void heads_are_crossed_by_lines(void **state)
{
    static const char a[] = "GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\n\r\n";
    static const char b[] = "PUT * HTTP/1.0\r\nb: 3\r\nC: 4\r\n\r\n";
    (void)state;
    assert_true(crosses(a, b, "GET / HTTP/1.1\r\nA: 1\r\nb: 3\r\n\r\n"));
    assert_true(crosses(a, b, "GET / HTTP/1.1\r\nC: 4\r\nA: 1\r\nB: 2\r\n\r\n"));
    assert_true(crosses(a, b, "PUT * HTTP/1.0\r\nA: 1\r\nB: 2\r\n\r\n"));
    assert_true(crosses(a, b, "GET / HTTP/1.1\r\nA: 1\r\nC: 4\r\n\r\n"));
    assert_false(crosses("a", b, "a"));
}

/* ---- Engines -------------------------------------------------------------------------------- */

static size_t own_calls;

/* libFuzzer's own changes, here one that undoes itself. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
    assert_in_range(size, 1, max_size);
    data[size - 1] ^= 1;
    own_calls++;
    return size;
}

/* What libFuzzer does: either of the two at random, until one gives something. */
static void half_of_the_calls_stay_libfuzzers(void **state)
{
    enum { CALLS = 40000 };
    uint8_t octets[ROOM], out[ROOM];
    struct mutator_text random = { .random = 1 };
    (void)state;
    own_calls = 0;
    for (unsigned call = 0; call < CALLS; call++) {
        size_t n = 0;
        while (n == 0) {
            unsigned seed = (unsigned)mutator_below(&random, 1u << 31);
            memcpy(octets, head, sizeof head - 1);
            n = mutator_once_in(&random, 2)
                    ? LLVMFuzzerCustomMutator(octets, sizeof head - 1, ROOM, seed)
                    : LLVMFuzzerCustomCrossOver(octets, sizeof head - 1, (const uint8_t *)reply,
                                                sizeof reply - 1, out, ROOM, seed);
        }
    }
    assert_in_range(own_calls, CALLS * 48 / 100, CALLS * 52 / 100);
}

static void it_can_be_turned_off(void **state)
{
    uint8_t octets[ROOM], out[ROOM];
    (void)state;
    own_calls = 0;
    memcpy(octets, head, sizeof head - 1);
    assert_int_equal(setenv("UPHELD_MUTATOR", "no", 1), 0);
    for (unsigned seed = 0; seed < 100; seed++) {
        LLVMFuzzerCustomMutator(octets, sizeof head - 1, ROOM, seed);
        assert_int_equal(LLVMFuzzerCustomCrossOver(octets, 9, octets, 9, out, ROOM, seed), 0);
    }
    unsetenv("UPHELD_MUTATOR");
    assert_int_equal(own_calls, 100);
    assert_memory_equal(octets, head, sizeof head - 1);
}

static void afl_gets_a_block_of_ours(void **state)
{
    uint8_t octets[ROOM], other[] = "GET / HTTP/1.1\r\nB: 2\r\n\r\n", kept[ROOM], *out = NULL;
    void *one = afl_custom_init(NULL, 5), *two = afl_custom_init(NULL, 5);
    size_t some = 0; /* the others are those of which nothing was left */
    (void)state;
    memcpy(octets, head, sizeof head - 1);
    for (unsigned call = 0; call < 1000; call++) {
        size_t most = sizeof head - 1 + call % 32;
        size_t n =
            afl_custom_fuzz(one, octets, sizeof head - 1, &out, other, sizeof other - 1, most);
        assert_true(n <= most && out != octets);
        some += n > 0 ? 1 : 0;
        memcpy(kept, out, n);
        assert_int_equal(
            afl_custom_fuzz(two, octets, sizeof head - 1, &out, other, sizeof other - 1, most), n);
        assert_memory_equal(out, kept, n);
        assert_memory_equal(octets, head, sizeof head - 1);
    }
    assert_true(some > 990);
    assert_int_equal(afl_custom_fuzz(one, octets, 9, &out, NULL, 0, 8), 0);
    afl_custom_deinit(one);
    afl_custom_deinit(two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_operation_makes_what_it_says),
        cmocka_unit_test(each_operation_has_a_row),
        cmocka_unit_test(a_choice_is_put_behind_and_then_changed),
        cmocka_unit_test(no_operation_leaves_its_room),
        cmocka_unit_test(any_octets_are_borne),
        cmocka_unit_test(a_seed_decides),
        cmocka_unit_test(what_has_no_room_or_no_octets_is_left),
        cmocka_unit_test(heads_are_crossed_by_lines),
        cmocka_unit_test(half_of_the_calls_stay_libfuzzers),
        cmocka_unit_test(it_can_be_turned_off),
        cmocka_unit_test(afl_gets_a_block_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
