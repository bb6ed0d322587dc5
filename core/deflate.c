/* deflate.c: the negotiation of permessage-deflate (RFC 7692), on both sides. Knows an offer or an
 * answer that was read, and struct upheld_deflate. */
#include "deflate.h"

#ifdef __FRAMAC__
#include "../proofs/spec/texts.acsl"
#endif

/* The text is that of the specification. */
/*@ ghost
  /@ terminates \true;
     assigns \nothing;
     ensures spelt: DEFLATE_SPELT; @/
  void uph_deflate_says(void)
  {
  } */

UPH_SELDOM_BEGIN

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
    if (a.deflate || !offer_holds(m, d)) {
        return a;
    }
    return offer_agreed(m, d);
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
    ensures exact: UPH_EXACT(\result == NumberFrom(bits)); */
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
    ensures exact: UPH_EXACT(\result == NumberSize((named ? 1 : 0), bits)); */
static size_t number_size(bool named, uint8_t bits)
{
    if (!bits_written(named, bits)) {
        return 0;
    }
    return bits < 10 ? 1 : 2;
}

/* Where a piece stands in UPH_TEXT_DEFLATE, and how many octets it has. */
struct uph_deflate_part {
    size_t from;
    size_t n;
};

/*@ requires known: k < UPH_PIECES;
    terminates \true;
    assigns \nothing;
    ensures size: UPH_EXACT(\result.n == PieceSize(m, k));
    ensures text: UPH_EXACT(\result.from == PieceFrom(m, k)); */
static struct uph_deflate_part deflate_part(struct upheld_agreed m, uint32_t k)
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
    struct uph_deflate_part part = { from, m.deflate ? n : 0 };
    return part;
}

struct upheld_span uph_deflate_piece(struct upheld_agreed m, uint32_t k)
{
    struct uph_deflate_part part = deflate_part(m, k);
    struct upheld_span piece = { UPH_TEXT_DEFLATE + part.from, part.n };
    return piece;
}

/* Octets of all pieces of the member m. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == PieceAt(m, UPH_PIECES)); */
static size_t pieces_size(struct upheld_agreed m)
{
    size_t size = 0;
#pragma GCC unroll 1
    /*@ loop invariant exact: UPH_EXACT(size == PieceAt(m, k));
        loop invariant bounded: 0 <= k <= UPH_PIECES &&
          size <= (k == 0 ? 0 : k == 1 ? 18 : k == 2 ? 46 : k == 3 ? 74 : k == 4 ? 99 :
                   k == 5 ? 101 : k == 6 ? 126 : 128);
        loop invariant silent: !m.deflate ==> size == 0;
        loop invariant inside: UPH_EXACT(PiecesInside(m, k, size));
        loop assigns k, size;
        loop variant UPH_PIECES - k; */
    for (uint32_t k = 0; k < UPH_PIECES; k++) {
        size += deflate_part(m, k).n;
    }
    return size;
}

/* Puts the n octets of text at out[at]; returns where they end. */
/*@ requires readable: \valid_read(text + (0 .. n - 1));
    requires writable: \valid(out + (at .. at + n - 1));
    requires apart:    \separated(text + (0 .. n - 1), out + (at .. at + n - 1));
    requires inside:   at + n <= SIZE_MAX;
    terminates \true;
    assigns out[at .. at + n - 1];
    ensures moved:  \result == at + n;
    ensures copied: UPH_EXACT(
      \forall integer i; at <= i < at + n ==> out[i] == \old(text[i - at])); */
static size_t piece_put(uint8_t *out, size_t at, const uint8_t *text, size_t n)
{
    return uph_put(out, at, text, n);
}

/* Writes all pieces of the member m, `need` octets, out of the text that they stand in. */
/*@ requires readable: \valid_read(text + (0 .. UPH_TEXT_DEFLATE_SIZE - 1));
    requires writable: \valid(out + (0 .. need - 1));
    requires apart:    \separated(text + (0 .. UPH_TEXT_DEFLATE_SIZE - 1), out + (0 .. need - 1));
    requires inside:   UPH_EXACT(PiecesInside(m, UPH_PIECES, need));
    terminates \true;
    assigns out[0 .. need - 1];
    ensures written: UPH_EXACT(
      \forall integer k; 0 <= k < UPH_PIECES ==> PieceOf{Here,Here}(out, (uint8_t *)text, m, k)); */
static void pieces_write(struct upheld_agreed m, const uint8_t *text, uint8_t *out, size_t need)
{
    (void)need;
    size_t at = 0;
#pragma GCC unroll 1
    /*@ loop invariant bounded: 0 <= k <= UPH_PIECES;
        loop invariant exact: UPH_EXACT(at == PieceAt(m, k));
        loop invariant inside: UPH_EXACT(PiecesInside(m, k, at));
        loop invariant written: UPH_EXACT(
          \forall integer j; 0 <= j < k ==> PieceOf{Here,Pre}(out, (uint8_t *)text, m, j));
        loop assigns k, at, out[0 .. need - 1];
        loop variant UPH_PIECES - k; */
    for (uint32_t k = 0; k < UPH_PIECES; k++) {
        struct uph_deflate_part part = deflate_part(m, k);
        /*@ assert inside: at + part.n <= need; */
        /*@ assert fixed: UPH_EXACT(\forall integer i; 0 <= i < UPH_TEXT_DEFLATE_SIZE ==>
              text[i] == \at(text[i], Pre)); */
        size_t next = piece_put(out, at, text + part.from, part.n);
        /*@ assert low: UPH_EXACT(
              \forall integer i; 0 <= i < at ==> out[i] == \at(out[i], LoopCurrent)); */
        /*@ assert new: UPH_EXACT(\forall integer i; at <= i < at + part.n ==>
              out[i] == \at(text[\at(part.from, Here) + i - \at(at, Here)], Pre)); */
        /*@ assert kept: UPH_EXACT(
              \forall integer j; 0 <= j < k ==> PieceOf{Here,Pre}(out, (uint8_t *)text, m, j)); */
        /*@ assert added: UPH_EXACT(PieceOf{Here,Pre}(out, (uint8_t *)text, m, k)); */
        at = next;
    }
    /*@ assert still: UPH_EXACT(\forall integer i; 0 <= i < UPH_TEXT_DEFLATE_SIZE ==>
          text[i] == \at(text[i], Pre)); */
    /*@ assert all: UPH_EXACT(\forall integer k; 0 <= k < UPH_PIECES ==>
          PieceOf{Here,Here}(out, (uint8_t *)text, m, k)); */
}

size_t upheld_extensions_write(struct upheld_agreed agreed, uint8_t *out, size_t size)
{
    size_t need = pieces_size(agreed);
    if (need <= size) {
        pieces_write(agreed, UPH_TEXT_DEFLATE, out, need);
    }
    return need;
}

UPH_SELDOM_END
