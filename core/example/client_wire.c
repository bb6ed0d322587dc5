/* client_wire.c: poll() around a stream: connect, wait, send. */
#include "client_wire.h"

#include "client_fault.h"
#include "client_tls.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* What the server's end of the connection is waited for, in milliseconds. */
#define DRAIN 2000

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void wire_start(struct wire *wire)
{
    wire->deadline = now_ms() + wire->seconds * 1000;
}

short wire_events(ssize_t outcome)
{
    return outcome == STREAM_WAIT_READ ? POLLIN : outcome == STREAM_WAIT_WRITE ? POLLOUT : 0;
}

/* False, with errno, when the deadline is past, whatever happened, or poll() fails. */
static bool wait_until(int fd, short events, int64_t deadline)
{
    int ready = events == 0 ? 1 : -1;
    int64_t left = deadline - now_ms();
    while (ready < 0 && left > 0) {
        struct pollfd one = { .fd = fd, .events = events };
        ready = poll(&one, 1, (int)left);
        if (ready < 0 && errno != EINTR) {
            return false;
        }
        left = deadline - now_ms();
    }
    errno = ETIMEDOUT;
    return ready > 0 && left > 0;
}

bool wire_wait(const struct wire *wire, short events, const char *what)
{
    if (wait_until(wire->stream.fd, events, wire->deadline)) {
        return true;
    }
    if (errno != ETIMEDOUT) {
        return fault("poll: %s", strerror(errno));
    }
    return fault("no %s within %lld s; give it longer with --timeout, or see whether the server is "
                 "well",
                 what, (long long)wire->seconds);
}

/* A socket that is connected to the address, or -1 with errno. */
static int connect_one(const struct addrinfo *address, int64_t deadline)
{
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    int error = connect(fd, address->ai_addr, address->ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
        socklen_t size = sizeof(error);
        if (!wait_until(fd, POLLOUT, deadline) ||
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
            error = errno;
        }
    }
    if (error != 0) {
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

/* A socket that is connected to one of the addresses, or -1 with errno. An address that does not
 * answer leaves time for those behind it. */
static int connect_any(const struct addrinfo *addresses, int64_t deadline)
{
    int64_t count = 0;
    for (const struct addrinfo *one = addresses; one != NULL; one = one->ai_next) {
        count++;
    }
    int fd = -1;
    for (const struct addrinfo *one = addresses; fd < 0 && one != NULL; one = one->ai_next) {
        int64_t now = now_ms();
        fd = connect_one(one, now + (deadline - now) / count);
        count--;
    }
    return fd;
}

static int connect_host(const struct wire *wire, const struct url *url)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
    struct addrinfo *addresses = NULL;
    int error = getaddrinfo(url->name, url->port, &hints, &addresses);
    if (error != 0) {
        fault("%s: %s; is the host of the URL right?", url->name, gai_strerror(error));
        return -1;
    }
    int fd = connect_any(addresses, wire->deadline);
    if (fd < 0) {
        fault("%s port %s: %s; is the server running, and are host and port of the URL right?",
              url->name, url->port, strerror(errno));
    }
    freeaddrinfo(addresses);
    return fd;
}

bool wire_send(struct wire *wire, const uint8_t *p, size_t n)
{
    size_t at = 0;
    while (at < n) {
        ssize_t sent = stream_write(&wire->stream, p + at, n - at);
        if (sent > 0) {
            at += (size_t)sent;
        } else if (wire_events(sent) == 0) {
            return fault("the connection broke while the request was sent; try again");
        } else if (!wire_wait(wire, wire_events(sent), "room for the request")) {
            return false;
        }
    }
    return true;
}

void wire_drain(struct wire *wire)
{
    int64_t deadline = now_ms() + DRAIN;
    while (!stream_drained(&wire->stream) && wait_until(wire->stream.fd, POLLIN, deadline)) {
    }
}

void wire_close(struct wire *wire)
{
    stream_finish(&wire->stream);
    stream_close(&wire->stream);
}

/* The TLS handshake, with whoever proves to be `name`. */
static bool secure(struct wire *wire, const char *name)
{
    if (!tls_expect(wire->stream.tls, name)) {
        return fault("no memory for TLS");
    }
    int outcome = stream_secure(&wire->stream);
    while (outcome != 1) {
        if (wire_events(outcome) == 0) {
            return tls_refused(wire->stream.tls, name);
        }
        if (!wire_wait(wire, wire_events(outcome), "end of the TLS handshake")) {
            return false;
        }
        outcome = stream_secure(&wire->stream);
    }
    return true;
}

bool wire_open(struct wire *wire, const struct url *url, SSL_CTX *tls)
{
    wire_start(wire);
    int fd = connect_host(wire, url);
    if (fd < 0) {
        return false;
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on,
               sizeof(on)); /* frames are small, and go at once */
    if (!stream_open(&wire->stream, fd, tls)) {
        return fault("no memory for a connection");
    }
    if (tls != NULL && !secure(wire, url->name)) {
        stream_close(&wire->stream);
        return false;
    }
    return true;
}
