/* known.c: the classes of peers.json, as peers.py writes them into table.h. */
#include <stdlib.h>
#include <string.h>

#include "peers.h"
#include "table.h"

static int by_text(const void *key, const void *row)
{
    return strcmp(key, *(const char *const *)row);
}

bool peers_known(const char *class_name)
{
    return bsearch(class_name, PEERS_KNOWN, sizeof PEERS_KNOWN / sizeof PEERS_KNOWN[0],
                   sizeof PEERS_KNOWN[0], by_text) != NULL;
}
