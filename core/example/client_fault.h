/* client_fault.h: what went wrong, in one line that says what to do. */
#ifndef EXAMPLE_CLIENT_FAULT_H
#define EXAMPLE_CLIENT_FAULT_H

#include <stdbool.h>

/* Prints "client: ..." as a line on stderr, as printf() would. Returns false, for the caller to
 * return. Nothing that a server sent is ever printed here. */
bool fault(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
