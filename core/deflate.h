/* deflate.h: the negotiation of permessage-deflate (RFC 7692), on both sides. Knows an offer or an
 * answer that was read, and struct upheld_deflate; no octets but those that it writes. */
#ifndef UPH_DEFLATE_H
#define UPH_DEFLATE_H

#include "bytes.h"
#include "caller.h"
#include "words.h"

/* Window bits: what RFC 7692 section 7.1.2 allows, and where nothing is named the greatest. */
#define UPH_BITS_LEAST 8
#define UPH_BITS_MAX 15
/* The least that zlib compresses with, without its header. */
#define UPH_BITS_ZLIB 9

/* A member of Sec-WebSocket-Extensions: an offer, or an answer. */
struct uph_extension {
    bool deflate; /* permessage-deflate, and no parameter that RFC 7692 would not have */
    bool server_no_context;
    bool client_no_context;
    bool client_bits_named;
    uint8_t server_bits; /* 0: not named */
    uint8_t client_bits; /* 0: not named, or named without a value */
};

/* What a client makes of an answer. */
struct uph_extension_reply {
    bool holds;
    struct upheld_agreed agreed;
};

/* The octets of a member, in pieces that stand one behind the other: the name is UPH_DEFLATE. The
 * NUL that ends each text in C is never sent. */
#define UPH_PIECES 5
static const uint8_t UPH_TEXT_SERVER_NO_CONTEXT[] = "; server_no_context_takeover";
static const uint8_t UPH_TEXT_CLIENT_NO_CONTEXT[] = "; client_no_context_takeover";
static const uint8_t UPH_TEXT_CLIENT_BITS_ANY[] = "; client_max_window_bits";
static const uint8_t UPH_TEXT_SERVER_BITS[8][28] = {
    "; server_max_window_bits=8",  "; server_max_window_bits=9",  "; server_max_window_bits=10",
    "; server_max_window_bits=11", "; server_max_window_bits=12", "; server_max_window_bits=13",
    "; server_max_window_bits=14", "; server_max_window_bits=15",
};
static const uint8_t UPH_TEXT_CLIENT_BITS[8][28] = {
    "; client_max_window_bits=8",  "; client_max_window_bits=9",  "; client_max_window_bits=10",
    "; client_max_window_bits=11", "; client_max_window_bits=12", "; client_max_window_bits=13",
    "; client_max_window_bits=14", "; client_max_window_bits=15",
};

#ifdef __FRAMAC__
/*@ // out overlaps none of the texts above. They are constant, so no caller could do otherwise; the
  // proof wants it said.
  predicate ApartFromPieces(uint8_t *out, integer size) =
     \separated(out + (0 .. size - 1), UPH_DEFLATE + (..)) &&
     \separated(out + (0 .. size - 1), UPH_TEXT_SERVER_NO_CONTEXT + (..)) &&
     \separated(out + (0 .. size - 1), UPH_TEXT_CLIENT_NO_CONTEXT + (..)) &&
     \separated(out + (0 .. size - 1), UPH_TEXT_CLIENT_BITS_ANY + (..)) &&
     \separated(out + (0 .. size - 1), UPH_TEXT_SERVER_BITS + (..)) &&
     \separated(out + (0 .. size - 1), UPH_TEXT_CLIENT_BITS + (..));
*/
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/deflate.acsl"
#endif
#endif

/* What is agreed once the offer m was read, before which it was a: the first offer that can be
 * taken. */
/*@ terminates \true;
    assigns \nothing;
    ensures R7692_5_1: UPH_EXACT(\result == Agree(m, d, a)); */
struct upheld_agreed uph_deflate_agree(struct uph_extension m, struct upheld_deflate d,
                                       struct upheld_agreed a);

/* What the client whose offer was uph_deflate_offer(d) makes of the answer m. */
/*@ terminates \true;
    assigns \nothing;
    ensures R7692_7_2: UPH_EXACT(\result == Answered(m, d, \result));
    ensures offered: \result.agreed.deflate ==> \result.holds && d.enabled; */
struct uph_extension_reply uph_deflate_reply(struct uph_extension m, struct upheld_deflate d);

/* Whether the window bits in d are 0, or 8 to 15. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> DeflateBitsHold(d) == \true); */
bool uph_deflate_bits_hold(struct upheld_deflate d);

/* The same, and the least window is not above the greatest of the side that d is of. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> DeflateServerHolds(d) == \true); */
bool uph_deflate_server_holds(struct upheld_deflate d);
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> DeflateClientHolds(d) == \true); */
bool uph_deflate_client_holds(struct upheld_deflate d);

/* The member that answers what was agreed. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == AnswerOf(agreed, \result)); */
struct uph_extension uph_deflate_answer(struct upheld_agreed agreed);

/* The member that offers d. */
/*@ terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == OfferOf(d, \result)); */
struct uph_extension uph_deflate_offer(struct upheld_deflate d);

/* Piece k of the octets of the member m, 0 to UPH_PIECES - 1; empty where m says nothing. */
/*@ terminates \true;
    assigns \nothing;
    ensures size: UPH_EXACT(\result.n == PieceSize(m, k));
    ensures text: UPH_EXACT(\result.n > 0 ==> \result.p == PieceText(m, k));
    ensures readable: \valid_read(\result.p + (0 .. \result.n - 1));
    ensures bounded: \result.n <= (k == 0 ? 18 : k < 3 ? 28 : 27);
    ensures silent: !m.deflate ==> \result.n == 0;
    ensures apart: \forall uint8_t *out, integer size; ApartFromPieces(out, size) ==>
                   \separated(\result.p + (0 .. \result.n - 1), out + (0 .. size - 1)); */
struct upheld_span uph_deflate_piece(struct uph_extension m, uint32_t k);

/*@ requires writable: \valid(out + (0 .. size - 1));
    requires fixed:    ApartFromPieces(out, size);
    terminates \true;
    assigns out[0 .. size - 1];
    ensures R7692_7: UPH_EXACT(
      \forall struct uph_extension any; \result == PieceAt(AnswerOf(agreed, any), 5));
    ensures written: UPH_EXACT(
      \result <= size ==>
      (\forall struct uph_extension any; PiecesAre(out, AnswerOf(agreed, any))));
    ensures bounded: \result <= UPHELD_EXTENSIONS_SIZE;
    ensures untouched: \result > size ==>
                       (\forall integer k; 0 <= k < size ==> out[k] == \old(out[k]));
    ensures silent: !agreed.deflate ==> \result == 0; */
size_t upheld_extensions_write(struct upheld_agreed agreed, uint8_t *out, size_t size);

#endif
