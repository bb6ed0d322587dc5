/* stream.c: plain sockets and OpenSSL behind the same few calls. */
#include "stream.h"

#include <errno.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

bool stream_open(struct stream *stream, int fd, SSL_CTX *tls)
{
    *stream = (struct stream){ .fd = fd };
    if (tls == NULL) {
        return true;
    }
    stream->tls = SSL_new(tls);
    if (stream->tls == NULL || SSL_set_fd(stream->tls, fd) != 1) {
        stream_close(stream);
        return false;
    }
    if (SSL_is_server(stream->tls)) {
        SSL_set_accept_state(stream->tls);
    } else {
        SSL_set_connect_state(stream->tls);
    }
    return true;
}

/* What an OpenSSL call that moved nothing means. */
static int tls_outcome(const struct stream *stream, int result)
{
    switch (SSL_get_error(stream->tls, result)) {
    case SSL_ERROR_WANT_READ:
        return STREAM_WAIT_READ;
    case SSL_ERROR_WANT_WRITE:
        return STREAM_WAIT_WRITE;
    case SSL_ERROR_ZERO_RETURN:
        return STREAM_END;
    default:
        return STREAM_BROKEN;
    }
}

/* The same of a system call; `wait` is what it would wait for. */
static int plain_outcome(int wait)
{
    bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return later ? wait : STREAM_BROKEN;
}

int stream_secure(struct stream *stream)
{
    if (stream->tls == NULL) {
        return 1;
    }
    ERR_clear_error(); /* an old error would be taken for one of this call */
    int result = SSL_do_handshake(stream->tls);
    return result == 1 ? 1 : tls_outcome(stream, result);
}

ssize_t stream_read(struct stream *stream, uint8_t *to, size_t size)
{
    if (stream->tls == NULL) {
        ssize_t got = recv(stream->fd, to, size, 0);
        return got >= 0 ? got : plain_outcome(STREAM_WAIT_READ);
    }
    size_t got = 0;
    ERR_clear_error();
    int result = SSL_read_ex(stream->tls, to, size, &got);
    return result == 1 ? (ssize_t)got : tls_outcome(stream, result);
}

ssize_t stream_write(struct stream *stream, const uint8_t *from, size_t size)
{
    if (stream->tls == NULL) {
        ssize_t put = send(stream->fd, from, size, MSG_NOSIGNAL);
        return put >= 0 ? put : plain_outcome(STREAM_WAIT_WRITE);
    }
    size_t put = 0;
    ERR_clear_error();
    int result = SSL_write_ex(stream->tls, from, size, &put);
    return result == 1 ? (ssize_t)put : tls_outcome(stream, result);
}

void stream_finish(struct stream *stream)
{
    if (stream->tls != NULL) {
        /* Once: to a peer that does not read, the end of the socket says the same. */
        ERR_clear_error();
        SSL_shutdown(stream->tls);
    }
    shutdown(stream->fd, SHUT_WR);
}

bool stream_drained(struct stream *stream)
{
    uint8_t waste[STREAM_RECORD];
    ssize_t got = recv(stream->fd, waste, sizeof(waste), 0);
    return got == 0 || (got < 0 && plain_outcome(STREAM_WAIT_READ) == STREAM_BROKEN);
}

void stream_close(struct stream *stream)
{
    SSL_free(stream->tls);
    close(stream->fd);
    *stream = (struct stream){ .fd = -1 };
}
