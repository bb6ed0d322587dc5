/* offer.c: what Connection, Upgrade and Expect ask for (RFC 9110 sections 7.6.1, 7.8, 10.1.1).
 * Knows values of these fields, over all their lines, and the policy's rows of protocols. */
#include "offer.h"

struct uph_offer uph_offer_connection(const uint8_t *p, size_t e, size_t v, struct uph_offer o)
{
    if (uph_list_has(p, e, v, UPH_CLOSE, sizeof UPH_CLOSE)) {
        o.close = true;
    }
    if (uph_list_has(p, e, v, UPH_SETTINGS, sizeof UPH_SETTINGS)) {
        o.settings = true;
    }
    if (uph_list_has(p, e, v, UPH_UPGRADE, sizeof UPH_UPGRADE)) {
        o.listed = true;
    }
    return o;
}

/* Whether the protocol [b, t), with the version behind "/" up to v, is that of the row. */
/*@ requires readable: \valid_read(p + (b .. v - 1));
    requires inside:   b <= t <= v && v != t + 1;
    requires row:      ReadableRow(r);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result <==> RowIs((uint8_t *)p, b, t, v, r) == \true); */
static bool row_is(const uint8_t *p, size_t b, size_t t, size_t v, struct upheld_protocol r)
{
    if (t - b != r.name.n || !uph_same_word(p, b, r.name.p, r.name.n)) {
        return false;
    }
    if (t == v) {
        return r.version.n == 0;
    }
    return v - t - 1 == r.version.n && uph_same_octets(p, t + 1, r.version.p, r.version.n);
}

/*@ requires readable: \valid_read(p + (b .. v - 1));
    requires inside:   b <= t <= v && v != t + 1;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == RowOf((uint8_t *)p, b, t, v, (struct upheld_policy *)policy, 0));
    ensures row: 0 <= \result <= policy->protocol_count; */
static uint32_t row_of(const uint8_t *p, size_t b, size_t t, size_t v,
                       const struct upheld_policy *policy)
{
    /*@ loop invariant bounded: 0 <= k <= policy->protocol_count;
        loop invariant exact: UPH_EXACT(
          RowOf((uint8_t *)p, b, t, v, (struct upheld_policy *)policy, 0) ==
          RowOf((uint8_t *)p, b, t, v, (struct upheld_policy *)policy, k));
        loop assigns k;
        loop variant policy->protocol_count - k; */
    for (uint32_t k = 0; k < policy->protocol_count; k++) {
        if (row_is(p, b, t, v, policy->protocols[k])) {
            return k + 1;
        }
    }
    return 0;
}

/*@ requires readable: \valid_read(p + (b .. v - 1));
    requires inside:   b <= t <= v && v != t + 1;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == KnownProtocol((uint8_t *)p, b, t, v, (struct upheld_policy *)policy));
    ensures row: RowInside(\result, (struct upheld_policy *)policy); */
static uint32_t known_protocol(const uint8_t *p, size_t b, size_t t, size_t v,
                               const struct upheld_policy *policy)
{
    if (policy->protocol_count > 0) {
        return row_of(p, b, t, v, policy);
    }
    bool named = v == t && t - b == sizeof UPH_WEBSOCKET &&
                 uph_same_word(p, b, UPH_WEBSOCKET, sizeof UPH_WEBSOCKET);
    return named ? 1 : 0;
}

/*@ requires readable: \valid_read(p + (t .. c - 1));
    requires inside:   t <= c;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(\result == VersionEnd((uint8_t *)p, c, t));
    ensures bounded: t <= \result <= c; */
static size_t version_end(const uint8_t *p, size_t c, size_t t)
{
    return t < c && p[t] == '/' ? uph_token_end(p, c, t + 1) : t;
}

/* The row that the member [i, c) leads to, with s the one so far. */
/*@ requires readable: \valid_read(p + (i .. c - 1));
    requires inside:   i <= c;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires row:      RowInside(s, (struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == UpgradeMember((uint8_t *)p, i, c, (struct upheld_policy *)policy, s));
    ensures row: RowInside(\result, (struct upheld_policy *)policy); */
static uint32_t upgrade_member(const uint8_t *p, size_t c, size_t i,
                               const struct upheld_policy *policy, uint32_t s)
{
    size_t b = uph_ows_end(p, c, i);
    size_t t = uph_token_end(p, c, b);
    size_t v = version_end(p, c, t);
    if (b == t || v - t == 1 || uph_ows_end(p, c, v) != c) {
        return s;
    }
    uint32_t m = known_protocol(p, b, t, v, policy);
    if (m == 0) {
        return s;
    }
    return s == 0 || (policy->prefer_own && m < s) ? m : s;
}

/*@ requires readable: \valid_read(p + (v .. e - 1));
    requires inside:   v <= e;
    requires policy:   ReadablePolicy((struct upheld_policy *)policy);
    requires bounded:  BoundedPolicy((struct upheld_policy *)policy);
    requires row:      RowInside(s, (struct upheld_policy *)policy);
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \result == UpgradeList((uint8_t *)p, e, v, (struct upheld_policy *)policy, s));
    ensures row: RowInside(\result, (struct upheld_policy *)policy); */
static uint32_t upgrade_list(const uint8_t *p, size_t e, size_t v,
                             const struct upheld_policy *policy, uint32_t s)
{
    uint32_t now = s;
    size_t at = v;
    /*@ loop invariant bounded: v <= at <= e;
        loop invariant row: RowInside(now, (struct upheld_policy *)policy);
        loop invariant exact: UPH_EXACT(
          UpgradeList((uint8_t *)p, e, v, (struct upheld_policy *)policy, s) ==
          UpgradeList((uint8_t *)p, e, at, (struct upheld_policy *)policy, now));
        loop assigns at, now;
        loop variant e - at; */
    for (;;) {
        size_t c = uph_comma_or_end(p, e, at);
        now = upgrade_member(p, c, at, policy, now);
        if (c >= e) {
            return now;
        }
        at = c + 1;
    }
}

struct uph_offer uph_offer_upgrade(const uint8_t *p, size_t e, size_t v,
                                   const struct upheld_policy *policy, struct uph_offer o)
{
    o.upgrade = true;
    o.row = upgrade_list(p, e, v, policy, o.row);
    return o;
}

struct uph_offer uph_offer_expect(const uint8_t *p, size_t e, size_t v, struct uph_offer o)
{
    if (uph_list_has(p, e, v, UPH_CONTINUE, sizeof UPH_CONTINUE)) {
        o.expect_continue = true;
    }
    if (!uph_list_only(p, e, v, UPH_CONTINUE, sizeof UPH_CONTINUE)) {
        o.expect_other = true;
    }
    return o;
}
