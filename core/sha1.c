/* sha1.c: what sha1.h defines inline is proved with this file; it has no code of its own. */
#include "sha1.h"
