/* pieces.c: target for upheld_request_resume() and upheld_reply_resume(). Seeds: corpus/pieces/.
 * The whole input is what a server has received, and then what a client has; its octets also choose
 * limits, and the pieces that they come in. pieces_reply.c has the client's half.
 *
 * Checks that every piece is decided as upheld_request_decide() decides all that has come so far
 * (RFC 9112 section 2.1), in a buffer that moves each time; that decide.h is asked once, when it
 * decides; and that what is looked at is linear in the octets. Under FUZZ_SPEC what the reader
 * keeps is also compared with the specification of the proof.
 */
#include "pieces.h"

#include "../core/decide.h"
#include "fuzz.h"
#include "naive/naive.h"
#ifdef FUZZ_SPEC
#include "spec.h"
#endif

/* ---- The reader once more, with its calls counted ----------------------------------------- */

static size_t looked_at;
static size_t decided;

static struct uph_line counted_line_at(const uint8_t *p, size_t N, size_t i, size_t max, bool lf)
{
    struct uph_line line = uph_line_at(p, N, i, max, lf);
    looked_at += line.end - i + 1;
    return line;
}

static size_t counted_space_or_end(const uint8_t *p, size_t e, size_t i)
{
    size_t end = uph_space_or_end(p, e, i);
    looked_at += end - i;
    return end;
}

static size_t counted_token_end(const uint8_t *p, size_t e, size_t i)
{
    size_t end = uph_token_end(p, e, i);
    looked_at += end - i;
    return end;
}

static struct upheld_decision counted_decide(const uint8_t *p, size_t n,
                                             const struct upheld_policy *policy)
{
    decided++;
    return upheld_request_decide(p, n, policy);
}

struct upheld_decision counted_resume(struct upheld_reader *reader, const uint8_t *p, size_t n,
                                      const struct upheld_policy *policy);

#define uph_line_at counted_line_at
#define uph_space_or_end counted_space_or_end
#define uph_token_end counted_token_end
#define upheld_request_decide counted_decide
#define upheld_request_resume counted_resume
#define uph_scan_request counted_scan_request
#define uph_scan_status counted_scan_status
#define uph_scan_fields counted_scan_fields
#include "../core/scan.c" /* NOLINT(bugprone-suspicious-include) */
/* After it. */
#include "../core/reader.c" /* NOLINT(bugprone-suspicious-include) */
#undef uph_line_at
#undef uph_space_or_end
#undef uph_token_end
#undef upheld_request_decide
#undef upheld_request_resume
#undef uph_scan_request
#undef uph_scan_status
#undef uph_scan_fields

/* ---- Pieces --------------------------------------------------------------------------------- */

static bool same(struct upheld_decision a, struct upheld_decision b)
{
    return a.verdict == b.verdict && a.clause == b.clause && a.status == b.status &&
           a.continue_first == b.continue_first && a.close == b.close && a.consumed == b.consumed &&
           a.key_at == b.key_at && a.subprotocol == b.subprotocol && a.protocol == b.protocol &&
           a.body_first == b.body_first && a.body_chunked == b.body_chunked &&
           a.body_length == b.body_length && naive_same_agreed(a.agreed, b.agreed);
}

#ifdef FUZZ_SPEC
static void check_specification(const uint8_t *p, size_t n, struct upheld_reader reader,
                                const struct upheld_policy *policy, struct upheld_decision d)
{
    struct upheld_limits limits = policy->limits;
    bool cut = n <= limits.head && spec_HeadCut(p, (int64_t)n, limits.line, limits.fields,
                                                limits.target, policy->bare_lf);
    FUZZ_CHECK(cut == (d.verdict == UPHELD_MORE), "specification",
               "MORE is the verdict if and only if HeadCut says so");
    FUZZ_CHECK(
        spec_ReaderHolds(p, reader, limits.line, limits.fields, limits.target, policy->bare_lf),
        "specification", "what the reader keeps is what ReaderHolds says");
}
#endif

/* One call: on a block of its own that ends with the octets. */
static struct upheld_decision resume(struct upheld_reader *reader, const uint8_t *p, size_t n,
                                     const struct upheld_policy *policy)
{
    struct upheld_reader again = *reader;
    uint8_t *own = fuzz_own(p, n);
    struct upheld_decision d = upheld_request_resume(reader, own, n, policy);
    FUZZ_CHECK(same(d, upheld_request_decide(own, n, policy)), "R9112-2.1-1",
               "octets in pieces are decided as those that come at once");
    FUZZ_CHECK(same(d, counted_resume(&again, own, n, policy)) && same_reader(*reader, again),
               "R9112-2.1-1", "the reader that is counted is this one");
#ifdef FUZZ_SPEC
    check_specification(own, n, *reader, policy, d);
#endif
    free(own);
    return d;
}

/* A caller who comes with fewer octets than the reader has seen. */
static void check_fewer(struct upheld_reader reader, const uint8_t *p,
                        const struct upheld_policy *policy)
{
    if (reader.seen > 0) {
        size_t n = reader.seen - 1;
        uint8_t *own = fuzz_own(p, n);
        FUZZ_CHECK(same(upheld_request_resume(&reader, own, n, policy),
                        upheld_request_decide(own, n, policy)),
                   "R9112-2.1-1", "fewer octets than before are decided as if they came at once");
        free(own);
    }
}

/* The octets in pieces of at most `most` octets each. */
static void check_pieces(const uint8_t *p, size_t n, uint32_t most, struct chooser c,
                         const struct upheld_policy *policy)
{
    struct upheld_reader reader = { 0 };
    size_t at = 0, pieces = 0;
    looked_at = 0;
    decided = 0;
    for (;;) {
        struct upheld_decision d = resume(&reader, p, at, policy);
        pieces++;
        FUZZ_CHECK(decided == (d.verdict == UPHELD_MORE ? 0 : 1), "R9112-2.1-1",
                   "the whole head is read once, when it decides");
        FUZZ_CHECK(looked_at <= 6 * (at + pieces), "R9112-2.1-1",
                   "what is looked at is linear in the octets, whatever the pieces are");
        if (at == n || d.verdict != UPHELD_MORE) {
            check_fewer(reader, p, policy);
            return;
        }
        at += 1 + choose(&c, most);
        at = at < n ? at : n;
    }
}

static void check_policy(const uint8_t *p, size_t n, struct chooser c,
                         const struct upheld_policy *policy)
{
    check_pieces(p, n, n <= OCTETS ? 1 : (uint32_t)(n / OCTETS), c, policy);
    check_pieces(p, n, (uint32_t)(n / 8) + 1, c, policy);
    check_pieces(p, n, (uint32_t)n + 1, c, policy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct upheld_policy policy = {
        .limits = UPHELD_LIMITS_DEFAULT,
        .access = UPHELD_GRANTED,
        .deflate = { .enabled = true },
    };
    struct chooser c = chooser_of(data, size);

    if (size >= UPHELD_LIMIT_MAX) {
        return 0;
    }
    check_policy(data, size, c, &policy);
    policy.bare_lf = true;
    check_policy(data, size, c, &policy);
    /* Limits that these octets meet. */
    policy.bare_lf = choose(&c, 2) == 0;
    policy.limits.head = 1 + choose(&c, (uint32_t)size + 2);
    check_policy(data, size, c, &policy);
    policy.limits = (struct upheld_limits){ 1 + choose(&c, 16), 1 + choose(&c, 64),
                                            UPHELD_LIMIT_MAX, 1 + choose(&c, 8) };
    check_policy(data, size, c, &policy);
    pieces_reply(data, size, c);
    return 0;
}
