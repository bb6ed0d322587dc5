/* extension.c: target for core/extension.h and core/deflate.h. Seeds: corpus/extension/.
 *
 *   octets 0, 1     what the server has: bits 0 to 2 of octet 0 say whether it takes
 *                   permessage-deflate, and which side must compress each message on its own; its
 *                   bits 4 to 7 are the least window, octet 1 the greatest ones, four bits each
 *   octets 2, 3     the same of the client
 *   the rest        values of Sec-WebSocket-Extensions, a line each, up to LF
 *
 * Checks the list against a second reading of RFC 6455 9.1; what a server agrees on and what a
 * client takes against one of RFC 7692 7.1; that an agreement is written as it is meant, and that
 * an offer of the client comes back to it as both understand it (RFC 7692 5). Under FUZZ_SPEC each
 * line is also compared with the specification of the proof.
 */
#include "../core/extension.h"
#include "fuzz.h"
#include "naive/naive.h"
#ifdef FUZZ_SPEC
#include "spec.h"
#endif

#define LINES_MAX 64
#define SETTINGS 4 /* octets of the input that are settings */
#define MARK 0xa5

/* 0, or 8 to 15. */
static uint8_t bits_of(uint8_t four)
{
    return four < 8 ? 0 : four;
}

static struct upheld_deflate settings(uint8_t flags, uint8_t windows)
{
    struct upheld_deflate d = {
        .enabled = (flags & 1) != 0,
        .server_no_context_takeover = (flags & 2) != 0,
        .client_no_context_takeover = (flags & 4) != 0,
        .server_max_window_bits = bits_of(windows & 15),
        .client_max_window_bits = bits_of(windows >> 4),
        .min_window_bits = bits_of(flags >> 4),
    };
    return d;
}

#ifdef FUZZ_SPEC
static void check_same(struct uph_extensions a, struct uph_extensions b, const char *what)
{
    FUZZ_CHECK(a.members == b.members, "R6455-9.1-1", what);
    FUZZ_CHECK(naive_same_agreed(a.agreed, b.agreed), "R7692-7-1", what);
}
#endif

/* One more line, in a block of its own. */
static struct uph_extensions add(struct upheld_span value, struct upheld_deflate d, bool client,
                                 struct uph_extensions l)
{
    uint8_t *own = fuzz_block(value.n + 1); /* the colon before it */
    own[0] = ':';
    if (value.n > 0) {
        memcpy(own + 1, value.p, value.n);
    }
    struct uph_extensions now = uph_extension_line(own, value.n + 1, 1, d, client, l);
#ifdef FUZZ_SPEC
    check_same(now, spec_ExtensionLine(own, (int64_t)value.n + 1, 1, d, client ? 1 : 0, l),
               "a line adds what the specification says");
#endif
    free(own);
    return now;
}

static int8_t members_of(long count)
{
    if (count < 0) {
        return UPH_MEMBERS_MALFORMED;
    }
    return count == 0 ? UPH_MEMBERS_NONE : count == 1 ? UPH_MEMBERS_ONE : UPH_MEMBERS_MORE;
}

/* The server, over all lines; a malformed one ends it. */
static struct uph_extensions check_server(const struct naive_head *head, struct upheld_deflate d)
{
    struct uph_extensions l = { 0 };
    long sum = 0;

    for (size_t i = 0; i < head->count; i++) {
        long count = naive_extensions(head->fields[i].value);
        sum = sum < 0 || count < 0 ? -1 : sum + count;
        l = add(head->fields[i].value, d, false, l);
        FUZZ_CHECK(l.members == members_of(sum), "R6455-9.1-1",
                   "so many extensions are listed as the grammar has, or the list is malformed");
    }
    FUZZ_CHECK(head->count > 0 || l.members == UPH_MEMBERS_ABSENT, "R6455-9.1-1", "no line, none");
    FUZZ_CHECK(sum < 0 || naive_same_agreed(l.agreed, naive_agreed(head, d)), "R7692-7-1",
               "the first offer that can be met is agreed on, and no other");
    return l;
}

/* The client, whom one line answers. */
static struct upheld_agreed check_client(struct upheld_span value, struct upheld_deflate d)
{
    struct uph_extensions l = add(value, d, true, (struct uph_extensions){ 0 });
    struct upheld_agreed taken = { 0 };

    FUZZ_CHECK(l.members == members_of(naive_extensions(value)), "R6455-9.1-1",
               "an answer lists so many extensions as the grammar has, or is malformed");
    taken = l.members == UPH_MEMBERS_ONE ? l.agreed : taken;
    FUZZ_CHECK(naive_same_agreed(taken, naive_answered(value, d)), "R6455-4.1-17",
               "an answer is taken if it is one that the offer asked for");
    return taken;
}

/* The member that a is written as, in out; its size. */
static size_t written(struct upheld_agreed a, uint8_t out[UPHELD_EXTENSIONS_SIZE])
{
    size_t size = upheld_extensions_write(a, NULL, 0);

    FUZZ_CHECK(size <= UPHELD_EXTENSIONS_SIZE && (size > 0) == a.deflate, "R7692-5-2",
               "something is written if and only if something is agreed on");
    uint8_t *own = fuzz_block(size);
    FUZZ_CHECK(upheld_extensions_write(a, own, size) == size, "R7692-5-2",
               "its size does not depend on the buffer");
    if (size > 0) {
        memcpy(out, own, size);
        memset(own, MARK, size);
        FUZZ_CHECK(upheld_extensions_write(a, own, size - 1) == size && own[0] == MARK, "R7692-5-2",
                   "too small a buffer is not written to");
    }
    free(own);
    return size;
}

/* What the client offers, what the server makes of it, and what the client makes of that. */
static void check_round(struct upheld_deflate server, struct upheld_deflate client)
{
    uint8_t offer[UPHELD_EXTENSIONS_SIZE], answer[UPHELD_EXTENSIONS_SIZE];
    struct upheld_span offered = { offer, written(uph_deflate_offer(client), offer) };
    struct naive_field field = { { (const uint8_t *)"sec-websocket-extensions", 24 }, offered };
    struct naive_head head = { .fields = &field, .count = 1 };
    struct uph_extensions l = check_server(&head, server);

    FUZZ_CHECK((offered.n > 0) == client.enabled, "R7692-5-1",
               "an offer is made where it is meant");
    if (l.agreed.deflate) {
        struct upheld_span answered = { answer, written(l.agreed, answer) };
        struct upheld_agreed taken = check_client(answered, client);
        FUZZ_CHECK(!taken.deflate ||
                       (taken.server_max_window_bits == l.agreed.server_max_window_bits &&
                        taken.client_max_window_bits <= l.agreed.client_max_window_bits &&
                        taken.server_no_context_takeover == l.agreed.server_no_context_takeover &&
                        taken.client_no_context_takeover >= l.agreed.client_no_context_takeover),
                   "R7692-5-2", "both sides understand the agreement alike");
    }
}

static size_t read_lines(const uint8_t *p, size_t n, struct naive_field fields[LINES_MAX])
{
    static const struct upheld_span name = { (const uint8_t *)"sec-websocket-extensions", 24 };
    size_t count = 0, from = 0;
    for (size_t i = 0; i <= n && count < LINES_MAX; i++) {
        if (i == n || p[i] == '\n') {
            fields[count++] = (struct naive_field){ name, { p + from, i - from } };
            from = i + 1;
        }
    }
    return count;
}

/* Numbers that no agreement holds are not written, nor is anything else than the parameters. */
static void check_numbers(struct upheld_agreed a, uint8_t bits)
{
    uint8_t out[UPHELD_EXTENSIONS_SIZE];
    struct upheld_span text = { out, 0 };

    a.server_bits_named = true;
    a.server_max_window_bits = bits;
    text.n = written(a, out);
    FUZZ_CHECK(!a.deflate || naive_extensions(text) == 1, "R7692-5-2",
               "what is written is one well-formed extension, whatever its numbers are");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct naive_field fields[LINES_MAX];
    struct naive_head head = { .fields = fields };

    if (size < SETTINGS) {
        return 0;
    }
    struct upheld_deflate server = settings(data[0], data[1]);
    struct upheld_deflate client = settings(data[2], data[3]);
    head.count = read_lines(data + SETTINGS, size - SETTINGS, fields);
    (void)check_server(&head, server);
    for (size_t i = 0; i < head.count; i++) {
        (void)check_client(fields[i].value, client);
    }
    check_round(server, client);
    check_numbers(uph_deflate_offer(client), data[1] % 32);
    return 0;
}
