/* stream.h: a non-blocking socket, plain or under TLS. Knows neither HTTP nor WebSocket. */
#ifndef EXAMPLE_STREAM_H
#define EXAMPLE_STREAM_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Octets of the greatest TLS record. Who reads with room for one leaves nothing behind inside
 * OpenSSL, where epoll would not see it. */
#define STREAM_RECORD 16384u

struct stream {
    int fd;
    SSL *tls; /* null: plain */
};

/* What comes back instead of a number of octets. */
enum {
    STREAM_END = 0,         /* the peer sends no more */
    STREAM_WAIT_READ = -1,  /* again when the socket can be read */
    STREAM_WAIT_WRITE = -2, /* again when it can be written */
    STREAM_BROKEN = -3      /* the connection is of no use any more */
};

/* Takes over fd, under TLS unless `tls` is null, on the side that the method of `tls` names. False
 * if there is no memory: fd is then closed. */
bool stream_open(struct stream *stream, int fd, SSL_CTX *tls);

/* Goes on with the TLS handshake; 1 when it is over, or a value from above. */
int stream_secure(struct stream *stream);

/* Reads at most `size` octets, of one TLS record at most; their number, or a value from above. */
ssize_t stream_read(struct stream *stream, uint8_t *to, size_t size);

/* Writes what goes into the socket now; the number of octets, or a value from above. After a wait,
 * the same octets come first. */
ssize_t stream_write(struct stream *stream, const uint8_t *from, size_t size);

/* Says that no more will be written; what the peer still sends can be read. */
void stream_finish(struct stream *stream);

/* Throws away what the peer still sends; true once it is at its end. */
bool stream_drained(struct stream *stream);

void stream_close(struct stream *stream);

#endif
