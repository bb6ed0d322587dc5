/* round_trip.h: what the files of the target round_trip share. */
#ifndef ROUND_TRIP_H
#define ROUND_TRIP_H

#include "naive/naive.h"

/* Checks that a client which is taken is refused at one past each bound. */
void check_client_bounds(struct upheld_client client);

#endif
