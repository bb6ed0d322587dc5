/* deflate.h: the negotiation of permessage-deflate (RFC 7692), on both sides. Knows an offer or an
 * answer that was read, and struct upheld_deflate; no octets but those that it writes. */
#ifndef UPH_DEFLATE_H
#define UPH_DEFLATE_H

#include "bytes.h"
#include "caller.h"

/* Window bits: what RFC 7692 section 7.1.2 allows, and where nothing is named the greatest. */
#define UPH_BITS_LEAST 8
#define UPH_BITS_MAX 15
/* The least that zlib compresses with, without its header. */
#define UPH_BITS_ZLIB 9

/* An offer or an answer that was read is a struct upheld_agreed too: `deflate` says that it is
 * permessage-deflate with no parameter that RFC 7692 would not have, and bits are 0 where none are
 * named, or where they are without a value. */

/* What a member is written with: its name, the four parameters, and the numbers 8 to 15. The NUL
 * that ends it in C is never sent. */
static const uint8_t UPH_TEXT_DEFLATE[] =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
    "; server_max_window_bits=; client_max_window_bits=89101112131415";
/* Where its parts start, and in how many pieces at most a member is written. */
enum {
    UPH_TEXT_SERVER_FREE = 18,
    UPH_TEXT_CLIENT_FREE = 46,
    UPH_TEXT_SERVER_BITS = 74,
    UPH_TEXT_CLIENT_BITS = 99,
    UPH_TEXT_NUMBERS = 124,
    UPH_TEXT_DEFLATE_SIZE = 138,
    UPH_PIECES = 7
};

#ifdef __FRAMAC__
/*@ // out overlaps no part of the text above. It is constant, so no caller could do otherwise; the
  // proof wants it said.
  predicate ApartFromPieces(uint8_t *out, integer size) =
     \separated(out + (0 .. size - 1), UPH_TEXT_DEFLATE + (..));
*/
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/deflate.acsl"
#endif
#endif

/* Whether [b, t) is the text that starts at UPH_TEXT_DEFLATE[from], as far as it goes. */
/*@ requires readable: \valid_read(p + (b .. t - 1));
    requires inside:   b <= t && from + (t - b) <= UPH_TEXT_NUMBERS;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result <==> SameOctets((uint8_t *)p, b, &UPH_TEXT_DEFLATE[from], t - b) == \true); */
bool uph_deflate_text(const uint8_t *p, size_t b, size_t t, size_t from);

/* What is agreed on once the member m was read, before which it was a: by a server, the first
 * offer that can be taken; by the client whose offer was uph_deflate_offer(d), the answer m or
 * nothing. */
/*@ terminates \true;
    assigns \nothing;
    ensures R7692_5_1: UPH_EXACT(\result == Agree(m, d, (client ? 1 : 0), a)); */
struct upheld_agreed uph_deflate_agree(struct upheld_agreed m, struct upheld_deflate d, bool client,
                                       struct upheld_agreed a);

/* Whether all window bits in d are 0 or 8 to 15, and the least is not above the greatest of the
 * side that d is of. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> DeflateHolds(d, greatest) == \true); */
bool uph_deflate_holds(struct upheld_deflate d, uint8_t greatest) UPH_SELDOM;

/* The member that offers d. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == OfferOf(d, \result)); */
struct upheld_agreed uph_deflate_offer(struct upheld_deflate d) UPH_SELDOM;

/* Piece k of the octets of the member m, 0 to UPH_PIECES - 1; empty where m says nothing. */
/*@ requires known: k < UPH_PIECES;
    terminates \true;
    assigns \nothing;
    ensures size: UPH_EXACT(\result.n == PieceSize(m, k));
    ensures text: UPH_EXACT(\result.p == &UPH_TEXT_DEFLATE[PieceFrom(m, k)]); */
struct upheld_span uph_deflate_piece(struct upheld_agreed m, uint32_t k);

/*@ requires writable: \valid(out + (0 .. size - 1));
    requires fixed:    ApartFromPieces(out, size);
    terminates \true;
    assigns out[0 .. size - 1];
    ensures R7692_7: UPH_EXACT(\result == PieceAt(agreed, UPH_PIECES));
    ensures written: UPH_EXACT(
      \result <= size ==>
      (\forall integer k; 0 <= k < UPH_PIECES ==> PieceIs(out, agreed, k)));
    ensures bounded: \result <= UPHELD_EXTENSIONS_SIZE;
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k]));
    ensures silent: !agreed.deflate ==> \result == 0; */
size_t upheld_extensions_write(struct upheld_agreed agreed, uint8_t *out, size_t size) UPH_SELDOM;

#endif
