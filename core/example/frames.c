/* frames.c: wslay between a buffer that came and a buffer that goes. */
#include "frames.h"

#include <openssl/rand.h>
#include <string.h>

/* What may wait for a slow peer before no more of it is read. */
#define WAITING_OCTETS (256u << 10)
#define WAITING_MESSAGES 256u

static ssize_t on_read(wslay_event_context_ptr wslay, uint8_t *to, size_t size, int flags,
                       void *user)
{
    struct frames *frames = user;
    (void)flags;
    if (frames->in_size == 0) {
        wslay_event_set_error(wslay, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    size_t n = size < frames->in_size ? size : frames->in_size;
    memcpy(to, frames->in, n);
    frames->in += n;
    frames->in_size -= n;
    return (ssize_t)n;
}

static ssize_t on_write(wslay_event_context_ptr wslay, const uint8_t *from, size_t size, int flags,
                        void *user)
{
    struct frames *frames = user;
    (void)flags;
    if (frames->out_room == 0) {
        wslay_event_set_error(wslay, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    size_t n = size < frames->out_room ? size : frames->out_room;
    memcpy(frames->out, from, n);
    frames->out += n;
    frames->out_room -= n;
    return (ssize_t)n;
}

/* A client masks each frame with octets that nobody can guess (RFC 6455 section 5.3). */
static int on_mask(wslay_event_context_ptr wslay, uint8_t *mask, size_t size, void *user)
{
    (void)wslay;
    (void)user;
    return RAND_bytes(mask, (int)size) == 1 ? 0 : -1;
}

/* wslay itself answers Ping and Close, and takes no more messages after a Close. */
static void on_message(wslay_event_context_ptr wslay,
                       const struct wslay_event_on_msg_recv_arg *message, void *user)
{
    struct frames *frames = user;
    (void)wslay;
    if (!wslay_is_ctrl_frame(message->opcode) && !frames->hear(frames, message)) {
        frames->broken = true;
    }
}

static const struct wslay_event_callbacks CALLBACKS = {
    .recv_callback = on_read,
    .send_callback = on_write,
    .genmask_callback = on_mask,
    .on_msg_recv_callback = on_message,
};

static bool echo(struct frames *frames, const struct wslay_event_on_msg_recv_arg *message)
{
    return frames_say(frames, message->opcode, message->msg, message->msg_length);
}

bool frames_open(struct frames *frames)
{
    *frames = (struct frames){ .hear = echo };
    if (wslay_event_context_server_init(&frames->wslay, &CALLBACKS, frames) != 0) {
        return false;
    }
    wslay_event_config_set_max_recv_msg_length(frames->wslay, MESSAGE_MAX);
    return true;
}

bool frames_open_client(struct frames *frames, frames_hear *hear, void *whose)
{
    *frames = (struct frames){ .hear = hear, .whose = whose };
    if (wslay_event_context_client_init(&frames->wslay, &CALLBACKS, frames) != 0) {
        return false;
    }
    wslay_event_config_set_max_recv_msg_length(frames->wslay, MESSAGE_MAX);
    return true;
}

void frames_close(struct frames *frames)
{
    wslay_event_context_free(frames->wslay);
    *frames = (struct frames){ 0 };
}

bool frames_take(struct frames *frames, const uint8_t *p, size_t n)
{
    frames->in = p;
    frames->in_size = n;
    /* On a violation of the protocol wslay has a Close waiting and wants no more: that Close is
     * still sent. Only without memory is there nothing left to do. */
    if (wslay_event_recv(frames->wslay) == WSLAY_ERR_NOMEM) {
        frames->broken = true;
    }
    return !frames->broken;
}

ptrdiff_t frames_put(struct frames *frames, uint8_t *to, size_t room)
{
    frames->out = to;
    frames->out_room = room;
    return wslay_event_send(frames->wslay) == 0 ? (ptrdiff_t)(room - frames->out_room) : -1;
}

bool frames_want_more(const struct frames *frames)
{
    return wslay_event_want_read(frames->wslay) &&
           wslay_event_get_queued_msg_length(frames->wslay) < WAITING_OCTETS &&
           wslay_event_get_queued_msg_count(frames->wslay) < WAITING_MESSAGES;
}

bool frames_waiting(const struct frames *frames)
{
    return wslay_event_want_write(frames->wslay);
}

bool frames_say(struct frames *frames, uint8_t opcode, const uint8_t *p, size_t n)
{
    struct wslay_event_msg message = { opcode, p, n };
    return wslay_event_queue_msg(frames->wslay, &message) != WSLAY_ERR_NOMEM;
}

bool frames_goodbye(struct frames *frames, uint16_t status)
{
    return wslay_event_queue_close(frames->wslay, status, NULL, 0) != WSLAY_ERR_NOMEM;
}
