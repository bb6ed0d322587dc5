/* pieces_reply.c: part of the target pieces: upheld_reply_resume(). Checks of replies what pieces.c
 * checks of requests, under clients of several limits.
 */
#include "../core/reply.h"
#include "fuzz.h"
#include "naive/naive.h"
#include "pieces.h"
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

static size_t counted_token_end(const uint8_t *p, size_t e, size_t i)
{
    size_t end = uph_token_end(p, e, i);
    looked_at += end - i;
    return end;
}

static struct upheld_reply counted_decide(const uint8_t *p, size_t n,
                                          const struct upheld_client *client)
{
    decided++;
    return upheld_reply_decide(p, n, client);
}

struct upheld_reply counted_reply_resume(struct upheld_reader *reader, const uint8_t *p, size_t n,
                                         const struct upheld_client *client);

#define uph_line_at counted_line_at
#define uph_token_end counted_token_end
#define upheld_reply_decide counted_decide
#define upheld_reply_resume counted_reply_resume
#define uph_scan_request counted_reply_scan_request
#define uph_scan_status counted_reply_scan_status
#define uph_scan_fields counted_reply_scan_fields
#include "../core/scan.c" /* NOLINT(bugprone-suspicious-include) */
/* After it. */
#include "../core/reply_reader.c" /* NOLINT(bugprone-suspicious-include) */
#undef uph_line_at
#undef uph_token_end
#undef upheld_reply_decide
#undef upheld_reply_resume
#undef uph_scan_request
#undef uph_scan_status
#undef uph_scan_fields

/* ---- Pieces --------------------------------------------------------------------------------- */

static bool same(struct upheld_reply a, struct upheld_reply b)
{
    return a.verdict == b.verdict && a.clause == b.clause && a.status == b.status &&
           a.head_at == b.head_at && a.consumed == b.consumed && a.subprotocol == b.subprotocol &&
           naive_same_agreed(a.agreed, b.agreed);
}

/* One call: on a block of its own that ends with the octets. */
static struct upheld_reply resume(struct upheld_reader *reader, const uint8_t *p, size_t n,
                                  const struct upheld_client *client)
{
    struct upheld_reader again = *reader;
    uint8_t *own = fuzz_own(p, n);
    struct upheld_reply r = upheld_reply_resume(reader, own, n, client);
    FUZZ_CHECK(same(r, upheld_reply_decide(own, n, client)), "R9112-2.1-1",
               "a reply in pieces is decided as one that comes at once");
    FUZZ_CHECK(same(r, counted_reply_resume(&again, own, n, client)) && same_reader(*reader, again),
               "R9112-2.1-1", "the reader that is counted is this one");
#ifdef FUZZ_SPEC
    FUZZ_CHECK(spec_ReplyReaderHolds(own, *reader, client->limits.line, client->limits.fields),
               "specification", "what the reader keeps is what ReplyReaderHolds says");
#endif
    free(own);
    return r;
}

/* A caller who comes with fewer octets than the reader has seen. */
static void check_fewer(struct upheld_reader reader, const uint8_t *p,
                        const struct upheld_client *client)
{
    if (reader.seen > 0) {
        size_t n = reader.seen - 1;
        uint8_t *own = fuzz_own(p, n);
        FUZZ_CHECK(
            same(upheld_reply_resume(&reader, own, n, client), upheld_reply_decide(own, n, client)),
            "R9112-2.1-1", "fewer octets than before are decided as if they came at once");
        free(own);
    }
}

/* The octets in pieces of at most `most` octets each. */
static void check_pieces(const uint8_t *p, size_t n, uint32_t most, struct chooser c,
                         const struct upheld_client *client)
{
    struct upheld_reader reader = { 0 };
    size_t at = 0, pieces = 0;
    looked_at = 0;
    decided = 0;
    for (;;) {
        struct upheld_reply r = resume(&reader, p, at, client);
        pieces++;
        FUZZ_CHECK(decided == (r.verdict == UPHELD_REPLY_MORE ? 0 : 1), "R9112-2.1-1",
                   "the heads of a reply are read anew once, when it is decided");
        FUZZ_CHECK(looked_at <= 6 * (at + pieces), "R9112-2.1-1",
                   "what is looked at is linear in the octets, whatever the pieces are");
        if (at == n || r.verdict != UPHELD_REPLY_MORE) {
            check_fewer(reader, p, client);
            return;
        }
        at += 1 + choose(&c, most);
        at = at < n ? at : n;
    }
}

static void check_client(const uint8_t *p, size_t n, struct chooser c,
                         const struct upheld_client *client)
{
    check_pieces(p, n, n <= OCTETS ? 1 : (uint32_t)(n / OCTETS), c, client);
    check_pieces(p, n, (uint32_t)(n / 8) + 1, c, client);
}

void pieces_reply(const uint8_t *p, size_t n, struct chooser c)
{
    struct upheld_client client = {
        .limits = UPHELD_LIMITS_DEFAULT,
        .interim = UPHELD_INTERIM_DEFAULT,
        .key = "dGhlIHNhbXBsZSBub25jZQ==",
    };

    check_client(p, n, c, &client);
    /* Limits that these octets meet. */
    client.interim = 1 + choose(&c, 3);
    client.limits.head = 1 + choose(&c, (uint32_t)n + 2);
    check_client(p, n, c, &client);
    client.limits =
        (struct upheld_limits){ 1, 1 + choose(&c, 64), UPHELD_LIMIT_MAX, 1 + choose(&c, 8) };
    check_client(p, n, c, &client);
}
