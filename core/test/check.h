/* check.h: what the unit tests share. Octets under test end at an unreadable page, so that one
 * octet read too far ends the test, under any compiler.
 */
#ifndef UPHELD_TEST_CHECK_H
#define UPHELD_TEST_CHECK_H

/* cmocka.h wants these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A string constant as octets and their number, NUL inside included. */
#define TEXT(s) (s), sizeof(s) - 1
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Copies n octets to the end of a page before an unreadable one. Each slot holds one text at a
 * time; the memory lives as long as the program. */
static inline uint8_t *at_edge(int slot, const void *text, size_t n)
{
    enum { SLOTS = 4, ROOM = 1 << 18 };
    static uint8_t *blocks[SLOTS];
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    assert_true(slot >= 0 && slot < SLOTS && n <= ROOM);
    if (blocks[slot] == NULL) {
        void *p =
            mmap(NULL, ROOM + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        assert_true(p != MAP_FAILED);
        blocks[slot] = p;
        assert_int_equal(mprotect(blocks[slot] + ROOM, page, PROT_NONE), 0);
    }
    uint8_t *at = blocks[slot] + ROOM - n;
    if (n > 0) {
        memcpy(at, text, n);
    }
    return at;
}

#endif
