/* offer.c: target for core/offer.h. Seeds: corpus/offer/. Each line of the input, up to LF, is the
 * value of a field line, behind one octet that says of which field: "c" Connection, "u" Upgrade,
 * "e" Expect. Lines of any other octet are passed over.
 *
 * Checks what is asked for against a second reading of the RFCs: close, upgrade and http2-settings
 * in Connection (RFC 9110 7.6.1), the protocol that Upgrade leads to under three policies (7.8),
 * and 100-continue in Expect (10.1.1); that many lines of a field mean what one line with commas
 * means (5.3-1); and under FUZZ_SPEC each step against the specification of the proof.
 */
#include "../core/offer.h"
#include "fuzz.h"
#include "naive/naive.h"
#ifdef FUZZ_SPEC
#include "spec.h"
#endif

#define LINES_MAX 64
#define TEXT(s) { (const uint8_t *)(s), sizeof(s) - 1 }

enum which { CONNECTION, UPGRADE, EXPECT, FIELDS };

static const struct upheld_span names[FIELDS] = { TEXT("connection"), TEXT("upgrade"),
                                                  TEXT("expect") };

/* The lines of an input, as a head whose values lie in it. */
struct lines {
    struct naive_field fields[LINES_MAX];
    enum which which[LINES_MAX];
    struct naive_head head; /* count and fields only */
};

static void add_line(struct lines *lines, const uint8_t *p, size_t n)
{
    static const char letters[] = "cue";
    const char *letter = n == 0 || p[0] == 0 ? NULL : strchr(letters, p[0]);

    if (letter != NULL && lines->head.count < LINES_MAX) {
        enum which which = (enum which)(letter - letters);
        lines->which[lines->head.count] = which;
        lines->fields[lines->head.count++] = (struct naive_field){ names[which], { p + 1, n - 1 } };
    }
}

static void read_lines(const uint8_t *p, size_t n, struct lines *lines)
{
    size_t from = 0;
    *lines = (struct lines){ 0 };
    lines->head.fields = lines->fields;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '\n') {
            add_line(lines, p + from, i - from);
            from = i + 1;
        }
    }
    add_line(lines, p + from, n - from);
}

static bool same(struct uph_offer a, struct uph_offer b)
{
    return a.row == b.row && a.upgrade == b.upgrade && a.listed == b.listed && a.close == b.close &&
           a.settings == b.settings && a.expect_continue == b.expect_continue &&
           a.expect_other == b.expect_other;
}

static struct uph_offer add(enum which which, const uint8_t *p, size_t e, size_t v,
                            const struct upheld_policy *policy, struct uph_offer o)
{
    switch (which) {
    case CONNECTION:
        return uph_offer_connection(p, e, v, o);
    case UPGRADE:
        return uph_offer_upgrade(p, e, v, policy, o);
    default:
        return uph_offer_expect(p, e, v, o);
    }
}

#ifdef FUZZ_SPEC
static struct uph_offer specified(enum which which, const uint8_t *p, size_t e, size_t v,
                                  const struct upheld_policy *policy, struct uph_offer o)
{
    switch (which) {
    case CONNECTION:
        return spec_AddConnection(p, (int64_t)e, (int64_t)v, o);
    case UPGRADE:
        return spec_AddUpgrade(p, (int64_t)e, (int64_t)v, policy, o);
    default:
        return spec_AddExpect(p, (int64_t)e, (int64_t)v, o);
    }
}
#endif

/* One more line, in a block of its own so that ASan sees every octet too far. */
static struct uph_offer add_line_to(enum which which, struct upheld_span value,
                                    const struct upheld_policy *policy, struct uph_offer o)
{
    uint8_t *own = fuzz_block(value.n + 1); /* the colon before it */
    own[0] = ':';
    if (value.n > 0) {
        memcpy(own + 1, value.p, value.n);
    }
    struct uph_offer now = add(which, own, value.n + 1, 1, policy, o);
#ifdef FUZZ_SPEC
    FUZZ_CHECK(same(now, specified(which, own, value.n + 1, 1, policy, o)), "specification",
               "a line adds what the specification says");
#endif
    FUZZ_CHECK(which == UPGRADE ? now.upgrade : now.row == o.row && now.upgrade == o.upgrade,
               "R9110-7.8-1", "Upgrade alone asks for a protocol");
    FUZZ_CHECK(which == CONNECTION ||
                   (now.listed == o.listed && now.close == o.close && now.settings == o.settings),
               "R9110-7.6.1-1", "Connection alone lists options");
    free(own);
    return now;
}

/* All values of a field as one line, with commas between them; null where there is none. */
static uint8_t *joined(const struct lines *lines, enum which which, size_t *size)
{
    size_t count = 0, at = 0;
    for (size_t i = 0; i < lines->head.count; i++) {
        count += lines->which[i] == which ? lines->fields[i].value.n + 1 : 0;
    }
    uint8_t *block = fuzz_block(count);
    for (size_t i = 0; i < lines->head.count; i++) {
        struct upheld_span value = lines->fields[i].value;
        if (lines->which[i] == which) {
            block[at] = at == 0 ? ':' : ',';
            at++;
            if (value.n > 0) {
                memcpy(block + at, value.p, value.n);
            }
            at += value.n;
        }
    }
    *size = count;
    return block;
}

static void check_joined(const struct lines *lines, const struct upheld_policy *policy,
                         struct uph_offer o)
{
    struct uph_offer one = { 0 };
    for (enum which which = CONNECTION; which < FIELDS; which++) {
        size_t size = 0;
        uint8_t *block = joined(lines, which, &size);
        one = block == NULL ? one : add(which, block, size, 1, policy, one);
        free(block);
    }
    FUZZ_CHECK(same(one, o), "R9110-5.3-1", "many lines of a list mean what one line means");
}

static bool all_continue(const struct naive_head *head)
{
    for (size_t i = 0; i < head->count; i++) {
        struct naive_members list = naive_list(head->fields[i].value);
        struct upheld_span member;
        while (naive_is(head->fields[i].name, "expect") && naive_next(&list, &member)) {
            if (!naive_is_any_case(member, "100-continue")) {
                return false;
            }
        }
    }
    return true;
}

static void check_policy(const struct lines *lines, const struct upheld_policy *policy)
{
    const struct naive_head *head = &lines->head;
    struct uph_offer o = { 0 };

    for (size_t i = 0; i < head->count; i++) {
        o = add_line_to(lines->which[i], lines->fields[i].value, policy, o);
    }
    uint32_t row = naive_protocol(head, policy);
    FUZZ_CHECK(o.row == (row == UPHELD_NONE ? 0 : row + 1), "R9110-7.8-3",
               "the protocol is the one preferred of those that Upgrade lists");
    FUZZ_CHECK(o.upgrade == (naive_count(head, "upgrade") > 0), "R9110-7.8-1",
               "an Upgrade line is told, whatever it names");
    FUZZ_CHECK(o.listed == naive_has(head, "connection", "upgrade"), "R9110-7.8-12",
               "Connection lists upgrade if a whole member of any line is that word");
    FUZZ_CHECK(o.close == naive_has(head, "connection", "close"), "R9112-9.3-1",
               "Connection lists close if a whole member of any line is that word");
    FUZZ_CHECK(o.settings == naive_has(head, "connection", "http2-settings"), "R7540-3.2.1-1",
               "Connection lists http2-settings if a whole member of any line is that word");
    FUZZ_CHECK(o.expect_continue == naive_has(head, "expect", "100-continue"), "R9110-7.8-15",
               "100 is expected if a whole member of Expect is that word");
    FUZZ_CHECK(o.expect_other == !all_continue(head), "R9110-10.1.1-4",
               "something else is expected if any member is another word");
    check_joined(lines, policy, o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct upheld_protocol rows[] = {
        { TEXT("foo"), { NULL, 0 }, TEXT("foo"), UPHELD_GET, false, UPHELD_CHECKS_NONE },
        { TEXT("foo"), TEXT("2"), TEXT("foo/2"), UPHELD_GET, false, UPHELD_CHECKS_NONE },
        { TEXT("websocket"),
          { NULL, 0 },
          TEXT("websocket"),
          UPHELD_GET,
          false,
          UPHELD_CHECKS_WEBSOCKET },
        { TEXT("tls"), TEXT("1.0"), TEXT("TLS/1.0"), UPHELD_GET, true, UPHELD_CHECKS_NONE },
    };
    struct upheld_policy policy = { .limits = UPHELD_LIMITS_DEFAULT, .access = UPHELD_GRANTED };
    static const uint8_t nothing[1];
    struct lines lines;

    read_lines(size == 0 ? nothing : data, size, &lines);
    check_policy(&lines, &policy);
    policy.protocols = rows;
    policy.protocol_count = sizeof rows / sizeof rows[0];
    FUZZ_CHECK(upheld_policy_check(&policy) == UPHELD_POLICY_OK, "policy",
               "the policies of this target are in order");
    check_policy(&lines, &policy);
    policy.prefer_own = true;
    check_policy(&lines, &policy);
    return 0;
}
