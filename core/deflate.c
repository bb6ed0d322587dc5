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

/* Of the name of client_max_window_bits, with its "=" or without. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == ClientBitsSize(m));
    ensures bounded: 0 <= \result <= 25; */
static size_t client_bits_size(struct upheld_agreed m)
{
    if (bits_written(m.client_bits_named, m.client_max_window_bits)) {
        return 25;
    }
    return m.client_bits_named && m.client_max_window_bits == 0 ? 24 : 0;
}

/* Where piece k of the member m stands in UPH_TEXT_DEFLATE. */
/*@ requires known: k < UPH_PIECES;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == PieceFrom(m, k));
    ensures bounded: 0 <= \result <= UPH_TEXT_NUMBERS + 12;
    ensures names: k != 4 && k != 6 ==> \result <= UPH_TEXT_CLIENT_BITS; */
static size_t piece_from(struct upheld_agreed m, uint32_t k)
{
    switch (k) {
    case 0:
        return 0;
    case 1:
        return UPH_TEXT_SERVER_FREE;
    case 2:
        return UPH_TEXT_CLIENT_FREE;
    case 3:
        return UPH_TEXT_SERVER_BITS;
    case 4:
        return number_from(m.server_max_window_bits);
    case 5:
        return UPH_TEXT_CLIENT_BITS;
    default:
        return number_from(m.client_max_window_bits);
    }
}

/* And how many octets it has. */
/*@ requires known: k < UPH_PIECES;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == PieceSize(m, k));
    ensures bounded: 0 <= \result <= (k == 0 ? 18 : k <= 2 ? 28 : k % 2 == 0 ? 2 : 25);
    ensures silent: !m.deflate ==> \result == 0; */
static size_t piece_size(struct upheld_agreed m, uint32_t k)
{
    if (!m.deflate) {
        return 0;
    }
    switch (k) {
    case 0:
        return UPH_TEXT_SERVER_FREE;
    case 1:
        return m.server_no_context_takeover ? 28 : 0;
    case 2:
        return m.client_no_context_takeover ? 28 : 0;
    case 3:
        return bits_written(m.server_bits_named, m.server_max_window_bits) ? 25 : 0;
    case 4:
        return number_size(m.server_bits_named, m.server_max_window_bits);
    case 5:
        return client_bits_size(m);
    default:
        return number_size(m.client_bits_named, m.client_max_window_bits);
    }
}

struct upheld_span uph_deflate_piece(struct upheld_agreed m, uint32_t k)
{
    struct upheld_span piece = { UPH_TEXT_DEFLATE + piece_from(m, k), piece_size(m, k) };
    return piece;
}

/* Octets of all pieces of the member m. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == PieceAt(m, UPH_PIECES));
    ensures inside: UPH_EXACT(
      \forall integer k; 0 <= k <= UPH_PIECES ==> 0 <= PieceAt(m, k) <= \result);
    ensures bounded: \result <= UPHELD_EXTENSIONS_SIZE;
    ensures silent: !m.deflate ==> \result == 0; */
static size_t pieces_size(struct upheld_agreed m)
{
    size_t size = 0;
    /*@ loop invariant exact: UPH_EXACT(size == PieceAt(m, k));
        loop invariant inside: UPH_EXACT(
          \forall integer j; 0 <= j <= k ==> 0 <= PieceAt(m, j) <= size);
        loop invariant bounded: 0 <= k <= UPH_PIECES &&
          size <= (k == 0 ? 0 : k == 1 ? 18 : k == 2 ? 46 : k == 3 ? 74 : k == 4 ? 99 :
                   k == 5 ? 101 : k == 6 ? 126 : 128);
        loop invariant silent: !m.deflate ==> size == 0;
        loop assigns k, size;
        loop variant UPH_PIECES - k; */
    for (uint32_t k = 0; k < UPH_PIECES; k++) {
        size += uph_deflate_piece(m, k).n;
    }
    return size;
}

size_t upheld_extensions_write(struct upheld_agreed agreed, uint8_t *out, size_t size)
{
    size_t need = pieces_size(agreed);
    size_t at = 0;
    if (need > size) {
        return need;
    }
    /*@ loop invariant at: UPH_EXACT(at == PieceAt(agreed, k));
        loop invariant bounded: 0 <= k <= UPH_PIECES && at <= need;
        loop invariant before: UPH_EXACT(
          \forall integer j; 0 <= j < k ==> PieceAt(agreed, j) + PieceSize(agreed, j) <= at);
        loop invariant written: UPH_EXACT(
          \forall integer j; 0 <= j < k ==> PieceIs(out, agreed, j));
        loop assigns k, at, out[0 .. need - 1];
        loop variant UPH_PIECES - k; */
    for (uint32_t k = 0; k < UPH_PIECES; k++) {
        struct upheld_span piece = uph_deflate_piece(agreed, k);
        /*@ assert next: UPH_EXACT(at + piece.n == PieceAt(agreed, k + 1)); */
        at = uph_put(out, at, piece.p, piece.n);
    }
    return need;
}
