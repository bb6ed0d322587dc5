/* frames.h: WebSocket frames behind the handshake, by wslay: a server's, which sends every message
 * back as it came, or a client's. */
#ifndef EXAMPLE_FRAMES_H
#define EXAMPLE_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wslay/wslay.h>

/* The greatest message taken; of a greater one, wslay closes with 1009. */
#define MESSAGE_MAX (1u << 20)

struct frames;

/* Does with a message that came whole what is to be done; false if that cannot be done. */
typedef bool frames_hear(struct frames *frames, const struct wslay_event_on_msg_recv_arg *message);

struct frames {
    wslay_event_context_ptr wslay;
    const uint8_t *in; /* what wslay has not read yet of the octets that came */
    size_t in_size;
    uint8_t *out; /* where wslay writes, and how much room is left there */
    size_t out_room;
    frames_hear *hear;
    void *whose; /* the owner's, for `hear` */
    bool broken; /* `hear` failed: there was no memory for an echo */
};

/* The server's side: an echo. False if there is no memory. wslay keeps the address of `frames`. */
bool frames_open(struct frames *frames);
/* The client's side: masked frames, and messages go to `hear`. */
bool frames_open_client(struct frames *frames, frames_hear *hear, void *whose);
void frames_close(struct frames *frames);

/* Reads n octets of the peer's, all of them; what is to be said is then waiting in frames_put().
 * False if the connection is of no use any more. */
bool frames_take(struct frames *frames, const uint8_t *p, size_t n);

/* Writes what is waiting, at most `room` octets; their number, or -1. */
ptrdiff_t frames_put(struct frames *frames, uint8_t *to, size_t room);

/* Whether more of the peer is to be read now: not after its Close, and not while it leaves too
 * much of what we said unread. */
bool frames_want_more(const struct frames *frames);

/* Whether anything is waiting in frames_put(). */
bool frames_waiting(const struct frames *frames);

/* Puts a message behind what is waiting: opcode WSLAY_TEXT_FRAME, p in UTF-8, or
 * WSLAY_BINARY_FRAME. It is copied. False if there is no memory. */
bool frames_say(struct frames *frames, uint8_t opcode, const uint8_t *p, size_t n);

/* Says goodbye: Close with a status of RFC 6455 section 7.4. */
bool frames_goodbye(struct frames *frames, uint16_t status);

#endif
