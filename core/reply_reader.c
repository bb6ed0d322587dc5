/* reply_reader.c: a reply that comes in pieces (RFC 9112 section 2.1). Knows how far its heads were
 * read, and that what was read decides nothing; what decides it leaves to reply.h. */
#include "reply_held.h"

UPH_SELDOM_BEGIN

/* The head that starts at r.space, from the line that the reader is in. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   n <= UPHELD_LIMIT_MAX;
    requires limits:   \valid_read(limits) && limits->line <= UPHELD_LIMIT_MAX;
    requires ordered:  r.space <= r.at <= r.scanned <= n && r.scanned - r.at <= limits->line;
    requires held:     UPH_EXACT(HeldLine((uint8_t *)p, r, n, limits->line));
    requires read:     UPH_EXACT(InHead((uint8_t *)p, n, r, limits->line, limits->fields));
    terminates \true;
    assigns \nothing;
    ensures kept: \result.reader.seen == r.seen && \result.reader.space == r.space &&
                  \result.reader.target == r.target;
    ensures exact: UPH_EXACT(
      HeadComes((uint8_t *)p, n, r.space, limits->line, limits->fields, \result.outcome));
    ensures ordered: \result.outcome == UPH_HEAD_CUT ==>
                     r.space <= \result.reader.at <= \result.reader.scanned <= n;
    ensures read: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT ==>
      InHead((uint8_t *)p, n, \result.reader, limits->line, limits->fields) &&
      \result.reader.scanned == LineStop((uint8_t *)p, n, \result.reader.at, limits->line));
    ensures behind: \result.outcome == UPH_HEAD_END ==>
                    r.space + 13 < \result.reader.at && \result.reader.at + 2 <= n;
    ensures status: UPH_EXACT(
      \result.outcome == UPH_HEAD_END ==>
      StatusWhole((uint8_t *)p, n, r.space, limits->line) == \true);
    ensures ends: UPH_EXACT(
      \result.outcome == UPH_HEAD_END ==>
      HeadEnds((uint8_t *)p, n, r.space, limits->line, limits->fields, \result.reader.at + 2) &&
      LinesEnd((uint8_t *)p, n, StatusNext((uint8_t *)p, n, r.space, limits->line), 0,
               limits->line, limits->fields) == \result.reader.at + 2); */
static struct uph_reading head_resumed(const uint8_t *p, size_t n,
                                       const struct upheld_limits *limits, struct upheld_reader r)
{
    struct uph_reading now = { UPH_HEAD_FIELDS, r };
    if (r.lines == 0) {
        now = uph_scan_status(p, n, limits->line, r);
    }
    if (now.outcome != UPH_HEAD_FIELDS) {
        return now;
    }
    /*@ assert whole: UPH_EXACT(StatusWhole((uint8_t *)p, n, r.space, limits->line) == \true); */
    /*@ ghost
        size_t start = status_held(p, n, n, r.space, limits->line);
        size_t at = now.reader.at;
        size_t count = (size_t)now.reader.lines - 1; */
    /*@ assert first: UPH_EXACT(
          LinesReach((uint8_t *)p, n, start, 0, start, 0, limits->line, limits->fields, 0) ==
          \true); */
    /*@ assert line: r.lines == 0 ==> at == start && count == 0; */
    /*@ assert same: r.lines > 0 ==> at == r.at && count == r.lines - 1; */
    /*@ assert later: UPH_EXACT(
          r.lines > 0 ==>
          LinesReach((uint8_t *)p, n, start, 0, r.at, r.lines - 1, limits->line, limits->fields,
                     0) == \true); */
    /*@ assert reached: UPH_EXACT(
          LinesReach((uint8_t *)p, n, start, 0, at, count, limits->line, limits->fields, 0) ==
          \true); */
    /*@ ghost lines_held(p, n, n, start, at, count, limits->line, limits->fields, 0); */
    now = uph_scan_fields(p, n, limits, false, now.reader);
    /*@ assert last: UPH_EXACT(
          LinesReach((uint8_t *)p, n, start, 0, now.reader.at, now.reader.lines - 1,
                     limits->line, limits->fields, 0) == \true); */
    /*@ ghost head_comes(p, n, r.space, now.reader.at, (size_t)now.reader.lines - 1, limits->line,
                         limits->fields); */
    return now;
}

/* Whether the head that starts at b, and is whole, is one to skip. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires inside:   b + 13 <= n <= UPHELD_LIMIT_MAX && max <= UPHELD_LIMIT_MAX;
    requires status:   UPH_EXACT(StatusWhole((uint8_t *)p, n, b, max) == \true);
    terminates \true;
    assigns \nothing;
    ensures R9110_15_2_3: UPH_EXACT(
      \result <==> InterimStatus(StatusCode((uint8_t *)p, b), p[b + 5] - '0', p[b + 7] - '0') ==
                   \true); */
static bool skips(const uint8_t *p, size_t n, size_t b, size_t max)
{
    (void)n;
    (void)max;
    struct uph_status none = { 0 };
    /*@ ghost status_held(p, n, n, b, max); */
    return uph_status_interim(uph_status_read(p, b, none));
}

/* The reader r behind the head that ends at e, and is skipped. */
/*@ requires inside: e <= UPHELD_LIMIT_MAX && r.target < UPHELD_LIMIT_MAX;
    terminates \true;
    assigns \nothing;
    ensures seen: \result.seen == r.seen && \result.target == r.target + 1;
    ensures start: \result.space == e && \result.at == e && \result.scanned == e &&
                   \result.lines == 0; */
static struct upheld_reader head_passed(size_t e, struct upheld_reader r)
{
    r.at = (uint32_t)e;
    r.scanned = (uint32_t)e;
    r.space = (uint32_t)e;
    r.lines = 0;
    r.target++;
    return r;
}

/* What the octets at p come to; more octets than the limit, or fewer than before, decide. */
/*@ requires readable: \valid_read(p + (0 .. n - 1));
    requires client:   \valid_read(client);
    requires bounded:  BoundedClient((struct upheld_client *)client);
    requires known:    r.seen <= n ==>
                       ReplyReaderIs((uint8_t *)p, r, (struct upheld_client *)client);
    terminates \true;
    assigns \nothing;
    ensures once: UPH_EXACT(
      r.seen <= n <= client->limits.head && \result.outcome != UPH_HEAD_CUT ==>
      RepliesUncut((uint8_t *)p, n, 0, client->interim, client->limits.line,
                   client->limits.fields));
    ensures cut: UPH_EXACT(
      \result.outcome == UPH_HEAD_CUT ==>
      RepliesCut((uint8_t *)p, n, 0, client->interim, client->limits.line,
                 client->limits.fields));
    ensures limit: \result.outcome == UPH_HEAD_CUT ==> n <= client->limits.head;
    ensures known: \result.outcome == UPH_HEAD_CUT ==>
                   ReplyReaderIs((uint8_t *)p, \result.reader, (struct upheld_client *)client); */
static struct uph_reading reply_resumed(const uint8_t *p, size_t n,
                                        const struct upheld_client *client, struct upheld_reader r)
{
    struct uph_reading now = { UPH_HEAD_FAULT, r };
    if (n > client->limits.head || n < r.seen) {
        return now;
    }
    /*@ ghost reader_held(p, n, client, r); */
    now.reader.seen = (uint32_t)n;
    /*@ loop invariant ordered: now.reader.space <= now.reader.at <= now.reader.scanned <= n &&
                                now.reader.scanned - now.reader.at <= client->limits.line;
        loop invariant seen: now.reader.seen == n && now.reader.target <= client->interim;
        loop invariant held: UPH_EXACT(
          HeldLine((uint8_t *)p, now.reader, n, client->limits.line));
        loop invariant read: UPH_EXACT(
          InHead((uint8_t *)p, n, now.reader, client->limits.line, client->limits.fields));
        loop invariant go: UPH_EXACT(
          HeadsGo((uint8_t *)p, n, now.reader.target, now.reader.space, client->limits.line,
                  client->limits.fields));
        loop invariant from: UPH_EXACT(
          RepliesFrom((uint8_t *)p, n, now.reader.space, client->interim - now.reader.target,
                      client->interim, client->limits.line, client->limits.fields));
        loop assigns now;
        loop variant n - now.reader.space; */
    for (;;) {
        now = head_resumed(p, n, &client->limits, now.reader);
        if (now.outcome != UPH_HEAD_END || now.reader.target >= client->interim ||
            !skips(p, n, now.reader.space, client->limits.line)) {
            /*@ ghost
                if (now.outcome == UPH_HEAD_CUT) {
                    reader_known(p, n, client, now.reader);
                } */
            return now;
        }
        /*@ ghost
            head_behind(p, n, now.reader.target, now.reader.space, (size_t)now.reader.at + 2,
                        client->interim, client->limits.line, client->limits.fields); */
        now.reader = head_passed((size_t)now.reader.at + 2, now.reader);
    }
}

/* The decision on a reply that is cut off. */
/*@ requires cut: UPH_EXACT(
      RepliesCut((uint8_t *)p, n, 0, client->interim, client->limits.line,
                 client->limits.fields));
    requires limit: n <= client->limits.head;
    terminates \true;
    assigns \nothing;
    ensures exact: UPH_EXACT(
      \forall struct uph_response blank, struct uph_extensions none;
        \result == DecideReply((uint8_t *)p, n, (struct upheld_client *)client, \result, blank,
                               none));
    ensures none: \result.head_at == 0 && \result.consumed == 0; */
static struct upheld_reply reply_cut(const uint8_t *p, size_t n, const struct upheld_client *client)
{
    (void)p;
    (void)n;
    (void)client;
    struct upheld_reply more = { 0 };
    more.clause = UPHELD_R9112_2_1_1;
    more.subprotocol = UPHELD_NONE;
    /*@ assert limit: n == ReadLimit(n, client->limits.head); */
    /*@ assert head: UPH_EXACT(\forall struct uph_response blank;
          ReplyHead((uint8_t *)p, n, (struct upheld_client *)client, blank).outcome ==
            UPH_HEAD_CUT &&
          ReplyHead((uint8_t *)p, n, (struct upheld_client *)client, blank).clause ==
            UPHELD_R9112_2_1_1); */
    /*@ assert plain: UPH_EXACT(
          \forall struct uph_response r, struct uph_extensions l;
            r.outcome == UPH_HEAD_CUT ==>
            more == ReplyConcluded((uint8_t *)p, UPHELD_R9112_2_1_1, r, l,
                                   (struct upheld_client *)client, more)); */
    return more;
}

struct upheld_reply upheld_reply_resume(struct upheld_reader *reader, const uint8_t *p, size_t n,
                                        const struct upheld_client *client)
{
    struct uph_reading now = reply_resumed(p, n, client, *reader);
    if (now.outcome != UPH_HEAD_CUT) {
        return upheld_reply_decide(p, n, client);
    }
    struct upheld_reply more = reply_cut(p, n, client);
    *reader = now.reader;
    /*@ assert kept: *reader == now.reader; */
    /*@ assert limits: client->limits.line == \at(client->limits.line, Pre) &&
                       client->limits.fields == \at(client->limits.fields, Pre) &&
                       client->limits.head == \at(client->limits.head, Pre) &&
                       client->interim == \at(client->interim, Pre); */
    return more;
}

UPH_SELDOM_END
