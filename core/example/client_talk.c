/* client_talk.c: frames between the wire and stdout. */
#include "client_talk.h"

#include "client_fault.h"
#include "frames.h"

#include <stdio.h>
#include <string.h>

struct talk {
    struct wire *wire;
    struct frames frames;
    const char *const *messages;
    size_t count;
    size_t said;   /* messages that were handed to wslay */
    size_t heard;  /* messages that came */
    bool closing;  /* our Close was handed to wslay */
    size_t out_at; /* out[out_at .. out_size - 1] is still to be sent */
    size_t out_size;
    uint8_t out[STREAM_RECORD];
};

/* A message came. */
static bool print(struct frames *frames, const struct wslay_event_on_msg_recv_arg *message)
{
    struct talk *talk = frames->whose;
    talk->heard++;
    return fwrite(message->msg, 1, message->msg_length, stdout) == message->msg_length &&
           putchar('\n') != EOF && fflush(stdout) == 0;
}

static bool hear(struct talk *talk, const uint8_t *p, size_t n)
{
    return frames_take(&talk->frames, p, n) ||
           fault(ferror(stdout) ? "stdout cannot be written; is its reader gone?" : "no memory");
}

static bool to_send(const struct talk *talk)
{
    return talk->out_at < talk->out_size || frames_waiting(&talk->frames);
}

/* Whether it is ours to say something: all that was said is sent and answered. Not before it is
 * sent, for wslay sends a Close ahead of what waits. */
static bool has_turn(const struct talk *talk)
{
    return !talk->closing && talk->heard >= talk->said && !to_send(talk);
}

/* Hands over the next message, or behind the last one our Close. */
static bool speak(struct talk *talk)
{
    wire_start(talk->wire);
    if (talk->said == talk->count) {
        talk->closing = true;
        return frames_goodbye(&talk->frames, WSLAY_CODE_NORMAL_CLOSURE) || fault("no memory");
    }
    const char *text = talk->messages[talk->said++];
    return frames_say(&talk->frames, WSLAY_TEXT_FRAME, (const uint8_t *)text, strlen(text)) ||
           fault("no memory for a message");
}

/* Sends what the socket takes; what it is then to be waited for is added to `events`. */
static bool put(struct talk *talk, short *events)
{
    while (to_send(talk)) {
        if (talk->out_at == talk->out_size) {
            ptrdiff_t size = frames_put(&talk->frames, talk->out, sizeof(talk->out));
            if (size <= 0) {
                return fault("a frame cannot be made: no memory, or no random octets");
            }
            talk->out_at = 0;
            talk->out_size = (size_t)size;
        }
        uint8_t *from = talk->out + talk->out_at;
        ssize_t sent = stream_write(&talk->wire->stream, from, talk->out_size - talk->out_at);
        if (sent <= 0 && wire_events(sent) != 0) {
            *events |= wire_events(sent);
            return true;
        }
        /* Nobody reads any more; why, may stand in what the server sent before it left. */
        talk->out_at = sent > 0 ? talk->out_at + (size_t)sent : talk->out_size;
    }
    return true;
}

/* Reads one piece if there is one, else adds to `events` what is to be waited for. */
static bool take(struct talk *talk, short *events)
{
    uint8_t piece[STREAM_RECORD];
    ssize_t got = stream_read(&talk->wire->stream, piece, sizeof(piece));
    if (got <= 0) {
        *events |= wire_events(got);
        return wire_events(got) != 0 ||
               fault("the server ended the connection without a Close; see what it logged");
    }
    *events = 0; /* there may be more at once */
    return hear(talk, piece, (size_t)got);
}

/* Moves what can be moved, or waits until something can. */
static bool turn(struct talk *talk)
{
    short events = 0;
    if ((has_turn(talk) && !speak(talk)) || !put(talk, &events)) {
        return false;
    }
    if (!has_turn(talk) && frames_want_more(&talk->frames) && !take(talk, &events)) {
        return false;
    }
    return wire_wait(talk->wire, events, talk->closing ? "Close from the server" : "answer");
}

/* How the conversation ended, now that a Close was sent and nothing more is read. */
static bool ended_well(const struct talk *talk)
{
    if (!wslay_event_get_close_received(talk->frames.wslay)) {
        return fault("the server broke the rules of WebSocket frames; closed with %u",
                     wslay_event_get_status_code_sent(talk->frames.wslay));
    }
    unsigned status = wslay_event_get_status_code_received(talk->frames.wslay);
    bool normal = status == WSLAY_CODE_NORMAL_CLOSURE || status == WSLAY_CODE_NO_STATUS_RCVD;
    if (talk->heard < talk->count || !normal) {
        return fault("the server closed with %u after %zu of %zu messages; see what it logged",
                     status, talk->heard, talk->count);
    }
    return true;
}

bool talk(struct wire *wire, const uint8_t *first, size_t size, const char *const *messages,
          size_t count)
{
    struct talk talk = { .wire = wire, .messages = messages, .count = count };
    if (!frames_open_client(&talk.frames, print, &talk)) {
        return fault("no memory for a connection");
    }
    bool well = hear(&talk, first, size);
    while (well && (frames_want_more(&talk.frames) || to_send(&talk))) {
        well = turn(&talk);
    }
    well = well && ended_well(&talk);
    frames_close(&talk.frames);
    if (well) {
        wire_drain(wire);
    }
    return well;
}
