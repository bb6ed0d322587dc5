/* command.c: how every verb says what is wrong. */
#include "command.h"

#include <stdarg.h>
#include <stdio.h>

int command_error(const char *format, ...)
{
    char line[8192]; /* two longest paths fit; what is longer is cut */
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    /* One line whatever a file name holds, and no escape sequence reaches the terminal. */
    for (char *c = line; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) {
            *c = '?';
        }
    }
    fprintf(stderr, "upheld: %s\n", line);
    return EXIT_UNUSABLE;
}
