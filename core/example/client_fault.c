/* client_fault.c: one line on stderr. */
#include "client_fault.h"

#include <stdarg.h>
#include <stdio.h>

bool fault(const char *format, ...)
{
    va_list words;
    va_start(words, format);
    fputs("client: ", stderr);
    vfprintf(stderr, format, words);
    fputc('\n', stderr);
    va_end(words);
    return false;
}
