/* growing.h: a text of any length up to a room, for tests that count what it costs to read. */
#ifndef UPHELD_TEST_GROWING_H
#define UPHELD_TEST_GROWING_H

#include "check.h"

enum { GROWING_ROOM = 1 << 17 };

static uint8_t grown[GROWING_ROOM];
static size_t grown_size;

static void add(const char *s)
{
    size_t n = strlen(s);
    assert_true(grown_size + n <= GROWING_ROOM);
    memcpy(grown + grown_size, s, n);
    grown_size += n;
}

/* Adds `s` again and again, up to so many octets. */
static void fill(const char *s, size_t octets)
{
    while (grown_size + strlen(s) <= octets) {
        add(s);
    }
}

#endif
