/* deflate.c: the negotiation of permessage-deflate (RFC 7692), on both sides. Knows an offer or an
 * answer that was read, and struct upheld_deflate. */
#include "deflate.h"

bool uph_deflate_text(const uint8_t *p, size_t b, size_t t, size_t from)
{
    return uph_same_octets(p, b, UPH_TEXT_DEFLATE + from, t - b);
}

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
static bool offer_holds(struct upheld_agreed m, struct upheld_deflate d)
{
    return d.enabled && m.deflate &&
           (!m.server_bits_named ||
            m.server_max_window_bits >= bits_or(d.min_window_bits, UPH_BITS_ZLIB)) &&
           (m.client_bits_named || bits_or(d.client_max_window_bits, UPH_BITS_MAX) >= UPH_BITS_MAX);
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == OfferAgreed(m, d, \result)); */
static struct upheld_agreed offer_agreed(struct upheld_agreed m, struct upheld_deflate d)
{
    struct upheld_agreed a = { 0 };
    uint8_t server = lesser(bits_or(m.server_max_window_bits, UPH_BITS_MAX),
                            bits_or(d.server_max_window_bits, UPH_BITS_MAX));
    uint8_t client = lesser(bits_or(m.client_max_window_bits, UPH_BITS_MAX),
                            bits_or(d.client_max_window_bits, UPH_BITS_MAX));
    a.deflate = true;
    a.server_no_context_takeover = m.server_no_context_takeover || d.server_no_context_takeover;
    a.client_no_context_takeover = m.client_no_context_takeover || d.client_no_context_takeover;
    a.server_max_window_bits = server;
    a.client_max_window_bits = client;
    a.server_bits_named = m.server_bits_named || server < UPH_BITS_MAX;
    a.client_bits_named = m.client_bits_named && client < UPH_BITS_MAX;
    return a;
}

/*@ terminates \true;
    assigns \nothing;
    ensures R7692_7_2: UPH_EXACT(\result <==> AnswerHolds(m, d) == \true); */
static bool answer_holds(struct upheld_agreed m, struct upheld_deflate d)
{
    if (!d.enabled || !m.deflate ||
        (d.server_no_context_takeover && !m.server_no_context_takeover)) {
        return false;
    }
    if (bits_or(m.server_max_window_bits, UPH_BITS_MAX) >
        bits_or(d.server_max_window_bits, UPH_BITS_MAX)) {
        return false;
    }
    return !m.client_bits_named ||
           (bits_or(d.min_window_bits, UPH_BITS_ZLIB) <= m.client_max_window_bits &&
            m.client_max_window_bits <= bits_or(d.client_max_window_bits, UPH_BITS_MAX));
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == AnswerAgreed(m, d, \result)); */
static struct upheld_agreed answer_agreed(struct upheld_agreed m, struct upheld_deflate d)
{
    struct upheld_agreed a = m;
    a.deflate = true;
    a.client_no_context_takeover = m.client_no_context_takeover || d.client_no_context_takeover;
    a.server_max_window_bits = bits_or(m.server_max_window_bits, UPH_BITS_MAX);
    if (!m.client_bits_named) {
        a.client_max_window_bits = bits_or(d.client_max_window_bits, UPH_BITS_MAX);
    }
    return a;
}

struct upheld_agreed uph_deflate_agree(struct upheld_agreed m, struct upheld_deflate d, bool client,
                                       struct upheld_agreed a)
{
    struct upheld_agreed nothing = { 0 };
    if (client) {
        return answer_holds(m, d) ? answer_agreed(m, d) : nothing;
    }
    return a.deflate || !offer_holds(m, d) ? a : offer_agreed(m, d);
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> BitsHold(bits) == \true); */
static bool bits_hold(uint8_t bits)
{
    return bits == 0 || (UPH_BITS_LEAST <= bits && bits <= UPH_BITS_MAX);
}

bool uph_deflate_holds(struct upheld_deflate d, uint8_t greatest)
{
    return bits_hold(d.server_max_window_bits) && bits_hold(d.client_max_window_bits) &&
           bits_hold(d.min_window_bits) &&
           bits_or(d.min_window_bits, UPH_BITS_ZLIB) <= bits_or(greatest, UPH_BITS_MAX);
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == OfferBits(bits)); */
static uint8_t offer_bits(uint8_t bits)
{
    return bits < UPH_BITS_MAX ? bits : 0;
}

struct upheld_agreed uph_deflate_offer(struct upheld_deflate d)
{
    struct upheld_agreed m = { 0 };
    m.deflate = d.enabled;
    m.server_no_context_takeover = d.server_no_context_takeover;
    m.client_no_context_takeover = d.client_no_context_takeover;
    m.server_max_window_bits = offer_bits(d.server_max_window_bits);
    m.client_max_window_bits = offer_bits(d.client_max_window_bits);
    m.server_bits_named = m.server_max_window_bits > 0;
    m.client_bits_named = true;
    return m;
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> BitsWritten((named ? 1 : 0), bits) == \true); */
static bool bits_written(bool named, uint8_t bits)
{
    return named && UPH_BITS_LEAST <= bits && bits <= UPH_BITS_MAX;
}

/* Where the digits of a number stand. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == NumberFrom(bits));
    ensures bounded: 0 <= \result <= UPH_TEXT_NUMBERS + 12; */
static size_t number_from(uint8_t bits)
{
    if (!bits_written(true, bits)) {
        return UPH_TEXT_NUMBERS;
    }
    size_t above = (size_t)bits - UPH_BITS_LEAST;
    return UPH_TEXT_NUMBERS + (bits < 10 ? above : 2 * above - 2);
}

/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == NumberSize((named ? 1 : 0), bits));
    ensures bounded: 0 <= \result <= 2; */
static size_t number_size(bool named, uint8_t bits)
{
    if (!bits_written(named, bits)) {
        return 0;
    }
    return bits < 10 ? 1 : 2;
}

struct upheld_span uph_deflate_piece(struct upheld_agreed m, uint32_t k)
{
    bool named = k < 5 ? m.server_bits_named : m.client_bits_named;
    uint8_t bits = k < 5 ? m.server_max_window_bits : m.client_max_window_bits;
    bool written = bits_written(named, bits);
    size_t from = 0;
    size_t n = UPH_TEXT_SERVER_FREE;
    switch (k) {
    case 0:
        break;
    case 1:
        from = UPH_TEXT_SERVER_FREE;
        n = m.server_no_context_takeover ? 28 : 0;
        break;
    case 2:
        from = UPH_TEXT_CLIENT_FREE;
        n = m.client_no_context_takeover ? 28 : 0;
        break;
    case 3:
        from = UPH_TEXT_SERVER_BITS;
        n = written ? 25 : 0;
        break;
    case 5:
        from = UPH_TEXT_CLIENT_BITS;
        n = written ? 25 : 0;
        if (named && bits == 0) {
            n = 24; /* without its "=" */
        }
        break;
    default:
        from = number_from(bits);
        n = number_size(named, bits);
        break;
    }
    struct upheld_span piece = { UPH_TEXT_DEFLATE + from, m.deflate ? n : 0 };
    return piece;
}

/* Puts a piece at text[at]; returns where it ends. */
/*@ requires writable: \valid(text + (0 .. UPHELD_EXTENSIONS_SIZE - 1));
    requires readable: ReadableSpan(piece);
    requires inside:   at + piece.n <= UPHELD_EXTENSIONS_SIZE;
    requires fixed:    ApartFromPieces(text, UPHELD_EXTENSIONS_SIZE);
    requires apart:    \separated(piece.p + (0 .. piece.n - 1),
                                  text + (0 .. UPHELD_EXTENSIONS_SIZE - 1));
    terminates \true;
    assigns text[at .. at + piece.n - 1];
    ensures moved:  \result == at + piece.n;
    ensures copied: UPH_EXACT(
      \forall integer from; piece.p == &UPH_TEXT_DEFLATE[from] ==>
        StandsAt(text, at, from, piece.n));
    ensures kept:   UPH_EXACT(
      \forall integer a, from, n; 0 <= a && a + n <= at && \old(StandsAt(text, a, from, n)) ==>
        StandsAt(text, a, from, n)); */
static size_t piece_put(uint8_t *text, size_t at, struct upheld_span piece)
{
    size_t end = uph_put(text, at, piece.p, piece.n);
    /*@ assert fixed: UPH_EXACT(
          \forall integer i; UPH_TEXT_DEFLATE[i] == \at(UPH_TEXT_DEFLATE[i], Pre)); */
    /*@ assert octets: UPH_EXACT(
          \forall integer i; 0 <= i < piece.n ==> text[at + i] == \at(piece.p[i], Pre)); */
    /*@ assert low: UPH_EXACT(
          \forall integer i; 0 <= i < at ==> text[i] == \at(text[i], Pre)); */
    return end;
}

/* Puts all pieces of the member m, one behind the other; returns how many octets they are. */
/*@ requires writable: \valid(text + (0 .. UPHELD_EXTENSIONS_SIZE - 1));
    requires fixed:    ApartFromPieces(text, UPHELD_EXTENSIONS_SIZE);
    terminates \true;
    assigns text[0 .. UPHELD_EXTENSIONS_SIZE - 1];
    ensures exact: UPH_EXACT(\result == PieceAt(m, UPH_PIECES));
    ensures inside: UPH_EXACT(
      \forall integer k; 0 <= k < UPH_PIECES ==>
        0 <= PieceAt(m, k) && PieceAt(m, k) + PieceSize(m, k) <= \result);
    ensures written: UPH_EXACT(
      \forall integer k; 0 <= k < UPH_PIECES ==> PieceIs(text, m, k));
    ensures bounded: \result <= UPHELD_EXTENSIONS_SIZE;
    ensures silent: !m.deflate ==> \result == 0; */
static size_t pieces_put(struct upheld_agreed m, uint8_t *text)
{
    size_t at = 0;
#pragma GCC unroll 1
    /*@ loop invariant exact: UPH_EXACT(at == PieceAt(m, k));
        loop invariant bounded: 0 <= k <= UPH_PIECES &&
          at <= (k == 0 ? 0 : k == 1 ? 18 : k == 2 ? 46 : k == 3 ? 74 : k == 4 ? 99 :
                 k == 5 ? 101 : k == 6 ? 126 : 128);
        loop invariant silent: !m.deflate ==> at == 0;
        loop invariant inside: UPH_EXACT(
          \forall integer j; 0 <= j < k ==>
            0 <= PieceAt(m, j) && PieceAt(m, j) + PieceSize(m, j) <= at);
        loop invariant written: UPH_EXACT(
          \forall integer j; 0 <= j < k ==> PieceIs(text, m, j));
        loop assigns k, at, text[0 .. UPHELD_EXTENSIONS_SIZE - 1];
        loop variant UPH_PIECES - k; */
    for (uint32_t k = 0; k < UPH_PIECES; k++) {
        struct upheld_span piece = uph_deflate_piece(m, k);
        /*@ assert next: UPH_EXACT(at + piece.n == PieceAt(m, k + 1)); */
        at = piece_put(text, at, piece);
        /*@ assert last: UPH_EXACT(PieceIs(text, m, k)); */
        /*@ assert others: UPH_EXACT(
              \forall integer j; 0 <= j < k && \at(PieceIs(text, m, j), LoopCurrent) ==>
                PieceIs(text, m, j)); */
    }
    return at;
}

/* Copies the n octets of text, among them what stands there of UPH_TEXT_DEFLATE. */
/*@ requires readable: \valid_read(text + (0 .. n - 1));
    requires writable: \valid(out + (0 .. n - 1));
    requires apart:    \separated(text + (0 .. n - 1), out + (0 .. n - 1));
    requires fixed:    ApartFromPieces(out, n);
    terminates \true;
    assigns out[0 .. n - 1];
    ensures stands: UPH_EXACT(
      \forall integer a, from, m;
        0 <= a && a + m <= n && \old(StandsAt((uint8_t *)text, a, from, m)) ==>
        StandsAt(out, a, from, m)); */
static void pieces_copy(const uint8_t *text, size_t n, uint8_t *out)
{
    uph_put(out, 0, text, n);
    /*@ assert fixed: UPH_EXACT(
          \forall integer i; UPH_TEXT_DEFLATE[i] == \at(UPH_TEXT_DEFLATE[i], Pre)); */
    /*@ assert octets: UPH_EXACT(
          \forall integer i; 0 <= i < n ==> out[i] == \at(text[i], Pre)); */
}

size_t upheld_extensions_write(struct upheld_agreed agreed, uint8_t *out, size_t size)
{
    uint8_t text[UPHELD_EXTENSIONS_SIZE];
    size_t n = pieces_put(agreed, text);
    if (n <= size) {
        pieces_copy(text, n, out);
        /*@ assert written: UPH_EXACT(
              \forall integer k; 0 <= k < UPH_PIECES ==> PieceIs(out, agreed, k)); */
    }
    return n;
}
