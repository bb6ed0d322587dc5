/* deflate.c: the negotiation of permessage-deflate (RFC 7692), on both sides. Knows an offer or an
 * answer that was read, and struct upheld_deflate. */
#include "deflate.h"

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == BitsOr(bits, otherwise)); */
static uint8_t bits_or(uint8_t bits, uint8_t otherwise)
{
    if (bits == 0) {
        return otherwise;
    }
    return bits;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == Lesser(a, b)); */
static uint8_t lesser(uint8_t a, uint8_t b)
{
    if (a < b) {
        return a;
    }
    return b;
}

/*@ terminates \true;
    assigns \nothing;
    ensures R7692_7_1: UPH_EXACT(\result <==> OfferHolds(m, d) == \true); */
static bool offer_holds(struct uph_extension m, struct upheld_deflate d)
{
    return d.enabled && m.deflate &&
           (m.server_bits == 0 || m.server_bits >= bits_or(d.min_window_bits, UPH_BITS_ZLIB)) &&
           (m.client_bits_named || bits_or(d.client_max_window_bits, UPH_BITS_MAX) >= UPH_BITS_MAX);
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == OfferAgreed(m, d, \result)); */
static struct upheld_agreed offer_agreed(struct uph_extension m, struct upheld_deflate d)
{
    struct upheld_agreed a = { 0 };
    uint8_t server = lesser(bits_or(m.server_bits, UPH_BITS_MAX),
                            bits_or(d.server_max_window_bits, UPH_BITS_MAX));
    uint8_t client = lesser(bits_or(m.client_bits, UPH_BITS_MAX),
                            bits_or(d.client_max_window_bits, UPH_BITS_MAX));
    a.deflate = true;
    a.server_no_context_takeover = m.server_no_context || d.server_no_context_takeover;
    a.client_no_context_takeover = m.client_no_context || d.client_no_context_takeover;
    a.server_max_window_bits = server;
    a.client_max_window_bits = client;
    a.server_bits_named = m.server_bits != 0 || server < UPH_BITS_MAX;
    a.client_bits_named = m.client_bits_named && client < UPH_BITS_MAX;
    return a;
}

struct upheld_agreed uph_deflate_agree(struct uph_extension m, struct upheld_deflate d,
                                       struct upheld_agreed a)
{
    return a.deflate || !offer_holds(m, d) ? a : offer_agreed(m, d);
}

/*@ terminates \true;
    assigns \nothing;
    ensures R7692_7_2: UPH_EXACT(\result <==> AnswerHolds(m, d) == \true); */
static bool answer_holds(struct uph_extension m, struct upheld_deflate d)
{
    if (!d.enabled || !m.deflate || (d.server_no_context_takeover && !m.server_no_context)) {
        return false;
    }
    if (bits_or(m.server_bits, UPH_BITS_MAX) > bits_or(d.server_max_window_bits, UPH_BITS_MAX)) {
        return false;
    }
    return !m.client_bits_named ||
           (bits_or(d.min_window_bits, UPH_BITS_ZLIB) <= m.client_bits &&
            m.client_bits <= bits_or(d.client_max_window_bits, UPH_BITS_MAX));
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == AnswerAgreed(m, d, \result)); */
static struct upheld_agreed answer_agreed(struct uph_extension m, struct upheld_deflate d)
{
    struct upheld_agreed a = { 0 };
    a.deflate = true;
    a.server_no_context_takeover = m.server_no_context;
    a.client_no_context_takeover = m.client_no_context || d.client_no_context_takeover;
    a.server_max_window_bits = bits_or(m.server_bits, UPH_BITS_MAX);
    a.client_max_window_bits =
        m.client_bits_named ? m.client_bits : bits_or(d.client_max_window_bits, UPH_BITS_MAX);
    a.server_bits_named = m.server_bits != 0;
    a.client_bits_named = m.client_bits_named;
    return a;
}

struct uph_extension_reply uph_deflate_reply(struct uph_extension m, struct upheld_deflate d)
{
    struct uph_extension_reply reply = { 0 };
    if (answer_holds(m, d)) {
        reply.holds = true;
        reply.agreed = answer_agreed(m, d);
    }
    return reply;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> BitsHold(bits) == \true); */
static bool bits_hold(uint8_t bits)
{
    return bits == 0 || (UPH_BITS_LEAST <= bits && bits <= UPH_BITS_MAX);
}

bool uph_deflate_bits_hold(struct upheld_deflate d)
{
    return bits_hold(d.server_max_window_bits) && bits_hold(d.client_max_window_bits) &&
           bits_hold(d.min_window_bits);
}

bool uph_deflate_server_holds(struct upheld_deflate d)
{
    return uph_deflate_bits_hold(d) && bits_or(d.min_window_bits, UPH_BITS_ZLIB) <=
                                           bits_or(d.server_max_window_bits, UPH_BITS_MAX);
}

bool uph_deflate_client_holds(struct upheld_deflate d)
{
    return uph_deflate_bits_hold(d) && bits_or(d.min_window_bits, UPH_BITS_ZLIB) <=
                                           bits_or(d.client_max_window_bits, UPH_BITS_MAX);
}

struct uph_extension uph_deflate_answer(struct upheld_agreed agreed)
{
    struct uph_extension m = { 0 };
    m.deflate = agreed.deflate;
    m.server_no_context = agreed.server_no_context_takeover;
    m.client_no_context = agreed.client_no_context_takeover;
    m.server_bits = agreed.server_bits_named ? agreed.server_max_window_bits : 0;
    m.client_bits = agreed.client_bits_named ? agreed.client_max_window_bits : 0;
    m.client_bits_named = m.client_bits != 0;
    return m;
}

struct uph_extension uph_deflate_offer(struct upheld_deflate d)
{
    struct uph_extension m = { 0 };
    m.deflate = d.enabled;
    m.server_no_context = d.server_no_context_takeover;
    m.client_no_context = d.client_no_context_takeover;
    m.server_bits = d.server_max_window_bits < UPH_BITS_MAX ? d.server_max_window_bits : 0;
    m.client_bits = d.client_max_window_bits < UPH_BITS_MAX ? d.client_max_window_bits : 0;
    m.client_bits_named = true;
    return m;
}

/*@ requires bits: UPH_BITS_LEAST <= bits <= UPH_BITS_MAX;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == BitsSize(bits)); */
static size_t bits_size(uint8_t bits)
{
    return bits < 10 ? 26 : 27;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> BitsWritten(bits) == \true); */
static bool bits_written(uint8_t bits)
{
    return UPH_BITS_LEAST <= bits && bits <= UPH_BITS_MAX;
}

/*@ terminates \true;
    assigns \nothing;
    ensures size: UPH_EXACT(\result.n == PieceSize(m, 3) || !m.deflate);
    ensures text: UPH_EXACT(\result.n > 0 ==> \result.p == PieceText(m, 3));
    ensures readable: \valid_read(\result.p + (0 .. \result.n - 1));
    ensures bounded: \result.n <= 27;
    ensures apart: \forall uint8_t *out, integer size; ApartFromPieces(out, size) ==>
                   \separated(\result.p + (0 .. \result.n - 1), out + (0 .. size - 1)); */
static struct upheld_span server_bits_piece(struct uph_extension m)
{
    struct upheld_span piece = { 0, 0 };
    if (bits_written(m.server_bits)) {
        piece.p = UPH_TEXT_SERVER_BITS[m.server_bits - UPH_BITS_LEAST];
        piece.n = bits_size(m.server_bits);
    }
    return piece;
}

/*@ terminates \true;
    assigns \nothing;
    ensures size: UPH_EXACT(\result.n == PieceSize(m, 4) || !m.deflate);
    ensures text: UPH_EXACT(\result.n > 0 ==> \result.p == PieceText(m, 4));
    ensures readable: \valid_read(\result.p + (0 .. \result.n - 1));
    ensures bounded: \result.n <= 27;
    ensures apart: \forall uint8_t *out, integer size; ApartFromPieces(out, size) ==>
                   \separated(\result.p + (0 .. \result.n - 1), out + (0 .. size - 1)); */
static struct upheld_span client_bits_piece(struct uph_extension m)
{
    struct upheld_span piece = { 0, 0 };
    if (m.client_bits_named && m.client_bits == 0) {
        piece.p = UPH_TEXT_CLIENT_BITS_ANY;
        piece.n = sizeof UPH_TEXT_CLIENT_BITS_ANY - 1;
    } else if (m.client_bits_named && bits_written(m.client_bits)) {
        piece.p = UPH_TEXT_CLIENT_BITS[m.client_bits - UPH_BITS_LEAST];
        piece.n = bits_size(m.client_bits);
    }
    return piece;
}

struct upheld_span uph_deflate_piece(struct uph_extension m, uint32_t k)
{
    struct upheld_span piece = { 0, 0 };
    if (!m.deflate) {
        return piece;
    }
    if (k == 0) {
        piece.p = UPH_DEFLATE;
        piece.n = sizeof UPH_DEFLATE;
    } else if (k == 1 && m.server_no_context) {
        piece.p = UPH_TEXT_SERVER_NO_CONTEXT;
        piece.n = sizeof UPH_TEXT_SERVER_NO_CONTEXT - 1;
    } else if (k == 2 && m.client_no_context) {
        piece.p = UPH_TEXT_CLIENT_NO_CONTEXT;
        piece.n = sizeof UPH_TEXT_CLIENT_NO_CONTEXT - 1;
    } else if (k == 3) {
        return server_bits_piece(m);
    } else if (k == 4) {
        return client_bits_piece(m);
    }
    return piece;
}

/* Puts five texts, one behind the other. */
/*@ requires readable: ReadableSpan(a) && ReadableSpan(b) && ReadableSpan(c) && ReadableSpan(d) &&
                       ReadableSpan(e);
    requires bounded:  a.n <= 28 && b.n <= 28 && c.n <= 28 && d.n <= 28 && e.n <= 28;
    requires sum:      size == a.n + b.n + c.n + d.n + e.n;
    requires writable: \valid(out + (0 .. size - 1));
    requires apart:    \separated(a.p + (0 .. a.n - 1), out + (0 .. size - 1)) &&
                       \separated(b.p + (0 .. b.n - 1), out + (0 .. size - 1)) &&
                       \separated(c.p + (0 .. c.n - 1), out + (0 .. size - 1)) &&
                       \separated(d.p + (0 .. d.n - 1), out + (0 .. size - 1)) &&
                       \separated(e.p + (0 .. e.n - 1), out + (0 .. size - 1));
    terminates \true;
    assigns out[0 .. size - 1];
    ensures first:  UPH_EXACT(StandsAt(out, 0, (uint8_t *)a.p, a.n));
    ensures second: UPH_EXACT(StandsAt(out, a.n, (uint8_t *)b.p, b.n));
    ensures third:  UPH_EXACT(StandsAt(out, a.n + b.n, (uint8_t *)c.p, c.n));
    ensures fourth: UPH_EXACT(StandsAt(out, a.n + b.n + c.n, (uint8_t *)d.p, d.n));
    ensures fifth:  UPH_EXACT(StandsAt(out, a.n + b.n + c.n + d.n, (uint8_t *)e.p, e.n)); */
static void five_put(struct upheld_span a, struct upheld_span b, struct upheld_span c,
                     struct upheld_span d, struct upheld_span e, uint8_t *out, size_t size)
{
    (void)size;
    size_t at = uph_put(out, 0, a.p, a.n);
    at = uph_put(out, at, b.p, b.n);
    at = uph_put(out, at, c.p, c.n);
    at = uph_put(out, at, d.p, d.n);
    uph_put(out, at, e.p, e.n);
}

size_t upheld_extensions_write(struct upheld_agreed agreed, uint8_t *out, size_t size)
{
    struct uph_extension m = uph_deflate_answer(agreed);
    struct upheld_span a = uph_deflate_piece(m, 0);
    struct upheld_span b = uph_deflate_piece(m, 1);
    struct upheld_span c = uph_deflate_piece(m, 2);
    struct upheld_span d = uph_deflate_piece(m, 3);
    struct upheld_span e = uph_deflate_piece(m, 4);
    size_t need = a.n + b.n + c.n + d.n + e.n;
    /*@ assert second: UPH_EXACT(a.n == PieceAt(m, 1)); */
    /*@ assert third:  UPH_EXACT(a.n + b.n == PieceAt(m, 2)); */
    /*@ assert fourth: UPH_EXACT(a.n + b.n + c.n == PieceAt(m, 3)); */
    /*@ assert fifth:  UPH_EXACT(a.n + b.n + c.n + d.n == PieceAt(m, 4)); */
    if (need <= size) {
        five_put(a, b, c, d, e, out, need);
        /*@ assert first:  UPH_EXACT(PieceIs(out, m, 0)); */
        /*@ assert second: UPH_EXACT(PieceIs(out, m, 1)); */
        /*@ assert third:  UPH_EXACT(PieceIs(out, m, 2)); */
        /*@ assert fourth: UPH_EXACT(PieceIs(out, m, 3)); */
        /*@ assert fifth:  UPH_EXACT(PieceIs(out, m, 4)); */
    }
    return need;
}
