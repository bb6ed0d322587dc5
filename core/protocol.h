/* protocol.h: what a policy says about the protocol that is asked for (RFC 9110 section 7.8). Knows
 * the policy's rows, and the field of the obsolete h2c. */
#ifndef UPH_PROTOCOL_H
#define UPH_PROTOCOL_H

#include "offer.h"
#include "request.h"

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
#include "../proofs/spec/protocol.acsl"
#endif
#endif

/* What a row says, but for its texts. */
struct uph_row {
    enum upheld_methods methods;
    enum upheld_checks checks;
    bool body;
};

/* The row, counted from 1; a policy without rows has that of WebSocket alone. */
/*@ requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires row:      0 < row && RowInside(row, (struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures methods: UPH_EXACT(\result.methods == RowMethods((struct upheld_policy *)policy, row));
    ensures checks: UPH_EXACT(\result.checks == RowChecks((struct upheld_policy *)policy, row));
    ensures body: UPH_EXACT((\result.body ? 1 : 0) ==
                            RowBody((struct upheld_policy *)policy, row)); */
struct uph_row uph_row(const struct upheld_policy *policy, uint32_t row);

/*@ terminates \true;
    assigns \nothing;
    ensures readable: ReadableRow(\result);
    ensures exact: UPH_EXACT(IsRegisteredRow(\result, which) == \true); */
struct upheld_protocol upheld_protocol_row(enum upheld_registered which) UPH_SELDOM;

/*@ terminates \true;
    assigns \nothing;
    ensures R9110_9_1_1: UPH_EXACT(\result <==> MethodTaken(methods, method) == \true); */
bool uph_method_taken(enum upheld_methods methods, enum uph_method method);

/* Whether [b, e) is a well-formed HTTP2-Settings. */
/*@ requires readable: \valid_read(p + (b .. e - 1));
    requires inside:   b <= e;
    terminates \true;
    assigns \nothing;
    ensures R7540_3_2_1_1: UPH_EXACT(\result <==> SettingsAt((uint8_t *)p, b, e) == \true); */
bool uph_settings_valid(const uint8_t *p, size_t b, size_t e) UPH_SELDOM;

#endif
