/* loop.c: epoll over the listener, the signals and the connections. */
#define _GNU_SOURCE /* accept4 */
#include "loop.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define EVENTS 64
/* Deadlines are looked at so often, in milliseconds. */
#define TICK 250
/* So long no connection is taken after the system had no descriptor for one. */
#define PAUSE 1000
/* After a signal, peers have so long to answer our goodbye. */
#define GRACE 3000

struct loop {
    const struct site *site;
    int epoll;
    int listener; /* -1: closed, the server is going */
    int signals;
    bool accepting;           /* the listener is in epoll's set */
    struct connection **open; /* open[0 .. count - 1] */
    size_t count;
    size_t most;
    int64_t pause; /* no accepting before, since descriptors ran out */
    int64_t end;   /* when to go, whoever has not answered; 0: not going */
};

static bool complain(const char *what)
{
    fprintf(stderr, "echo: %s: %s\n", what, strerror(errno));
    return false;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int loop_listen(const char *host, const char *port)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
                              .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV };
    struct addrinfo *address = NULL;
    int error = getaddrinfo(host, port, &hints, &address);
    if (error != 0) {
        fprintf(stderr, "echo: %s port %s: %s; expected a numeric address\n", host, port,
                gai_strerror(error));
        return -1;
    }
    int on = 1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool listens = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
                   bind(fd, address->ai_addr, address->ai_addrlen) == 0 &&
                   listen(fd, SOMAXCONN) == 0;
    freeaddrinfo(address);
    if (!listens) {
        fprintf(stderr, "echo: %s port %s: %s\n", host, port, strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return -1;
    }
    return fd;
}

/* Adds fd to epoll's set, changes what is waited for, or takes it out. */
static bool watch(const struct loop *loop, int how, int fd, uint32_t events, void *whose)
{
    struct epoll_event event = { .events = events, .data = { .ptr = whose } };
    return epoll_ctl(loop->epoll, how, fd, &event) == 0;
}

static void end(struct loop *loop, size_t i)
{
    connection_free(loop->open[i]); /* which closes its socket: epoll forgets it */
    loop->count--;
    loop->open[i] = loop->open[loop->count];
}

/* With no slot left, or no descriptor, peers wait in the kernel's queue until one ends. */
static void set_accepting(struct loop *loop, bool accepting)
{
    if (loop->listener >= 0 && loop->accepting != accepting &&
        watch(loop, EPOLL_CTL_MOD, loop->listener, accepting ? EPOLLIN : 0u, &loop->listener)) {
        loop->accepting = accepting;
    }
}

static void admit(struct loop *loop, int fd)
{
    int on = 1;
    /* Frames are small and go at once; a peer that vanished is found out after some hours. */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
    struct connection *connection = connection_new(loop->site, fd, now_ms());
    if (connection == NULL) {
        complain("new connection");
        return;
    }
    if (!watch(loop, EPOLL_CTL_ADD, fd, EPOLLIN, connection)) {
        complain("epoll_ctl");
        connection_free(connection);
        return;
    }
    loop->open[loop->count++] = connection;
}

static void accept_all(struct loop *loop)
{
    while (loop->count < loop->most) {
        int fd = accept4(loop->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            admit(loop, fd);
        } else if (errno == EAGAIN) {
            return;
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
            complain("accept");
            loop->pause = now_ms() + PAUSE;
            return;
        }
        /* Any other error belongs to a peer that has left again. */
    }
}

/* Goes on with a connection on which something can be done. */
static void serve(struct loop *loop, struct connection *connection)
{
    uint32_t events = connection_step(connection, now_ms());
    if (events == 0 || !watch(loop, EPOLL_CTL_MOD, connection->stream.fd, events, connection)) {
        connection->deadline = 1; /* past: swept when this round of events is over */
    }
}

static void sweep(struct loop *loop)
{
    int64_t now = now_ms();
    for (size_t i = loop->count; i-- > 0;) {
        int64_t deadline = loop->open[i]->deadline;
        if (deadline != 0 && deadline <= now) {
            end(loop, i);
        }
    }
}

/* The first signal: no more connections, and a goodbye to those that are open. */
static void go(struct loop *loop)
{
    close(loop->listener);
    loop->listener = -1;
    loop->end = now_ms() + GRACE;
    for (size_t i = loop->count; i-- > 0;) {
        if (connection_goodbye(loop->open[i])) {
            serve(loop, loop->open[i]);
        } else {
            end(loop, i);
        }
    }
}

static bool turn(struct loop *loop)
{
    struct epoll_event events[EVENTS];
    int n = epoll_wait(loop->epoll, events, EVENTS, TICK);
    if (n < 0 && errno != EINTR) {
        return complain("epoll_wait");
    }
    bool signalled = false;
    for (int i = 0; i < n; i++) {
        if (events[i].data.ptr == &loop->signals) {
            signalled = true;
        } else if (events[i].data.ptr == &loop->listener) {
            accept_all(loop);
        } else {
            serve(loop, events[i].data.ptr);
        }
    }
    if (signalled && loop->listener >= 0) {
        struct signalfd_siginfo which;
        if (read(loop->signals, &which, sizeof(which)) > 0) {
            go(loop);
        }
    } else if (signalled) {
        loop->end = now_ms(); /* the second: at once */
    }
    sweep(loop);
    set_accepting(loop, loop->count < loop->most && loop->pause <= now_ms());
    return true;
}

static bool prepare(struct loop *loop)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    /* Writing to a peer that has left is an error of that connection, not of the process. */
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || sigprocmask(SIG_BLOCK, &signals, NULL) != 0) {
        return complain("signals");
    }
    loop->signals = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->open = calloc(loop->most, sizeof(*loop->open));
    if (loop->signals < 0 || loop->epoll < 0 || loop->open == NULL ||
        !watch(loop, EPOLL_CTL_ADD, loop->signals, EPOLLIN, &loop->signals) ||
        !watch(loop, EPOLL_CTL_ADD, loop->listener, EPOLLIN, &loop->listener)) {
        return complain("epoll");
    }
    loop->accepting = true;
    return true;
}

bool loop_run(const struct site *site, int listener, size_t most)
{
    struct loop loop = {
        .site = site, .listener = listener, .most = most, .epoll = -1, .signals = -1
    };
    bool well = prepare(&loop);
    while (well && (loop.end == 0 || (loop.count > 0 && now_ms() < loop.end))) {
        well = turn(&loop);
    }
    while (loop.count > 0) {
        end(&loop, loop.count - 1);
    }
    free(loop.open);
    for (size_t i = 0; i < 3; i++) {
        int fd = (int[]){ loop.epoll, loop.signals, loop.listener }[i];
        if (fd >= 0) {
            close(fd);
        }
    }
    return well;
}
