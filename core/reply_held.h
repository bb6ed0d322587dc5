/* reply_held.h: what stays true of a reply as octets come (RFC 9112 section 2.1): predicates, and
 * lemmas as ghost code. For the proof of reply_reader.c alone; empty for a compiler. */
#ifndef UPH_REPLY_HELD_H
#define UPH_REPLY_HELD_H

#include "reader_held.h"
#include "reply_reader.h"

#ifdef __FRAMAC__
#ifndef UPHELD_RUNTIME_CONTRACTS
/*@ // Whatever was read of a head before its field lines from i on, they come to `outcome`.
  predicate FieldsCome(uint8_t *p, integer n, integer i, integer k, integer max, integer most,
                       integer outcome) =
     \forall struct uph_response r;
       ResponseFields(p, n, i, k, max, most, r).outcome == outcome;
  // They end at e, and change no status.
  predicate FieldsEnd(uint8_t *p, integer n, integer i, integer k, integer max, integer most,
                      integer e) =
     \forall struct uph_response r;
       ResponseFields(p, n, i, k, max, most, r).end == e &&
       ResponseFields(p, n, i, k, max, most, r).status == r.status;
  // The head that starts at b comes to `outcome`.
  predicate HeadComes(uint8_t *p, integer n, integer b, integer max, integer most,
                      integer outcome) =
     \forall struct uph_response any;
       ResponseHead(p, n, b, max, most, any).outcome == outcome;
  // It is whole, and ends at e.
  predicate HeadEnds(uint8_t *p, integer n, integer b, integer max, integer most, integer e) =
     HeadComes(p, n, b, max, most, UPH_HEAD_END) &&
     (\forall struct uph_response any;
        ResponseHead(p, n, b, max, most, any).end == e &&
        ResponseHead(p, n, b, max, most, any).status.code == StatusCode(p, b) &&
        ResponseHead(p, n, b, max, most, any).status.major == p[b + 5] - '0' &&
        ResponseHead(p, n, b, max, most, any).status.minor == p[b + 7] - '0');
  // Of the heads from b on, of which `left` may be skipped, the one that decides is cut off.
  predicate RepliesCut(uint8_t *p, integer n, integer b, integer left, integer max,
                       integer most) =
     \forall struct uph_response any;
       Skipped(p, n, left, max, most, ResponseHead(p, n, b, max, most, any)).outcome ==
       UPH_HEAD_CUT;
  predicate RepliesUncut(uint8_t *p, integer n, integer b, integer left, integer max,
                         integer most) =
     \forall struct uph_response any;
       Skipped(p, n, left, max, most, ResponseHead(p, n, b, max, most, any)).outcome !=
       UPH_HEAD_CUT;
  logic integer StatusNext(uint8_t *p, integer n, integer b, integer max) =
     LineNext(p, LineStop(p, n, b, max));
  logic boolean StatusWhole(uint8_t *p, integer n, integer b, integer max) =
     StatusLineWhole(p, n, b, LineStop(p, n, b, max), max);
  // Where the head from r.space on was read up to, for n octets.
  predicate InHead(uint8_t *p, integer n, struct upheld_reader r, integer max, integer most) =
     r.lines == 0 ? r.at == r.space :
     (StatusWhole(p, n, r.space, max) == \true &&
      LinesReach(p, n, StatusNext(p, n, r.space, max), 0, r.at, r.lines - 1, max, most, 0) ==
        \true);
  // Heads to skip from 0 on: `count` of them end at b, and go on there.
  predicate HeadsGo(uint8_t *p, integer n, integer count, integer b, integer max,
                    integer most) =
     \forall integer c, integer a; c >= 0 ==>
       HeadsReach(p, n, 0, count + c, a, max, most) == HeadsReach(p, n, b, c, a, max, most);
  // What is so of the heads from b on is so of all.
  predicate RepliesFrom(uint8_t *p, integer n, integer b, integer left, integer interim,
                        integer max, integer most) =
     (RepliesCut(p, n, b, left, max, most) ==> RepliesCut(p, n, 0, interim, max, most)) &&
     (RepliesUncut(p, n, b, left, max, most) ==> RepliesUncut(p, n, 0, interim, max, most));
*/

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   b <= m <= n <= UPHELD_LIMIT_MAX && max <= UPHELD_LIMIT_MAX;
     requires whole:    StatusWhole((uint8_t *)p, m, b, max) == \true;
     terminates \true;
     assigns \nothing;
     ensures exact: \result == StatusNext((uint8_t *)p, n, b, max);
     ensures same: \result == StatusNext((uint8_t *)p, m, b, max);
     ensures whole: StatusWhole((uint8_t *)p, n, b, max) == \true; @/
  size_t status_held(const uint8_t *p, size_t m, size_t n, size_t b, size_t max)
  {
      size_t e = line_held(p, m, n, b, max, 0);
      return p[e] == 13 ? e + 2 : e + 1;
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   start <= n <= UPHELD_LIMIT_MAX && max <= UPHELD_LIMIT_MAX;
     requires reaches:  LinesReach((uint8_t *)p, n, start, 0, at, count, max, most, 0) == \true;
     requires stops:    StepOutcome((uint8_t *)p, n, at, count, max, most, 0) != UPH_HEAD_FIELDS;
     terminates \true;
     assigns \nothing;
     ensures come: FieldsCome((uint8_t *)p, n, start, 0, max, most,
                              StepOutcome((uint8_t *)p, n, at, count, max, most, 0));
     ensures end: StepOutcome((uint8_t *)p, n, at, count, max, most, 0) == UPH_HEAD_END ==>
                  FieldsEnd((uint8_t *)p, n, start, 0, max, most, LineNext((uint8_t *)p, at)) &&
                  LinesEnd((uint8_t *)p, n, start, 0, max, most) == LineNext((uint8_t *)p, at); @/
  void fields_come(const uint8_t *p, size_t n, size_t start, size_t at, size_t count, size_t max,
                   size_t most)
  {
      size_t i = start;
      size_t k = 0;
      /@ loop invariant bounded: start <= i <= n && k <= count;
         loop invariant reaches:
           LinesReach((uint8_t *)p, n, i, k, at, count, max, most, 0) == \true;
         loop invariant come: \forall integer o;
           FieldsCome((uint8_t *)p, n, i, k, max, most, o) ==>
           FieldsCome((uint8_t *)p, n, start, 0, max, most, o);
         loop invariant end: \forall integer e;
           FieldsEnd((uint8_t *)p, n, i, k, max, most, e) ==>
           FieldsEnd((uint8_t *)p, n, start, 0, max, most, e);
         loop invariant lines: LinesEnd((uint8_t *)p, n, start, 0, max, most) ==
                               LinesEnd((uint8_t *)p, n, i, k, max, most);
         loop assigns i, k;
         loop variant count - k; @/
      while (k < count) {
          size_t next = field_held(p, n, n, i, k, max, most, 0);
          /@ assert come: \forall integer o;
               FieldsCome((uint8_t *)p, n, next, k + 1, max, most, o) ==>
               FieldsCome((uint8_t *)p, n, i, k, max, most, o); @/
          /@ assert status: \forall struct uph_response r, integer e, integer t;
               AddResponseLine((uint8_t *)p, i, e, t, r).status == r.status; @/
          /@ assert end: \forall integer e;
               FieldsEnd((uint8_t *)p, n, next, k + 1, max, most, e) ==>
               FieldsEnd((uint8_t *)p, n, i, k, max, most, e); @/
          i = next;
          k++;
      }
      /@ assert last: FieldsCome((uint8_t *)p, n, i, k, max, most,
                                 StepOutcome((uint8_t *)p, n, i, k, max, most, 0)); @/
      /@ assert whole: StepOutcome((uint8_t *)p, n, i, k, max, most, 0) == UPH_HEAD_END ==>
           FieldsEnd((uint8_t *)p, n, i, k, max, most, LineNext((uint8_t *)p, i)); @/
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   b <= n <= UPHELD_LIMIT_MAX && max <= UPHELD_LIMIT_MAX;
     requires whole:    StatusWhole((uint8_t *)p, n, b, max) == \true;
     requires reaches:  LinesReach((uint8_t *)p, n, StatusNext((uint8_t *)p, n, b, max), 0, at,
                                   count, max, most, 0) == \true;
     requires stops:    StepOutcome((uint8_t *)p, n, at, count, max, most, 0) != UPH_HEAD_FIELDS;
     terminates \true;
     assigns \nothing;
     ensures come: HeadComes((uint8_t *)p, n, b, max, most,
                             StepOutcome((uint8_t *)p, n, at, count, max, most, 0));
     ensures end: StepOutcome((uint8_t *)p, n, at, count, max, most, 0) == UPH_HEAD_END ==>
                  HeadEnds((uint8_t *)p, n, b, max, most, LineNext((uint8_t *)p, at)) &&
                  LinesEnd((uint8_t *)p, n, StatusNext((uint8_t *)p, n, b, max), 0, max, most) ==
                    LineNext((uint8_t *)p, at); @/
  void head_comes(const uint8_t *p, size_t n, size_t b, size_t at, size_t count, size_t max,
                  size_t most)
  {
      size_t start = status_held(p, n, n, b, max);
      fields_come(p, n, start, at, count, max, most);
      /@ assert begun: \forall struct uph_response any;
           ResponseStart((uint8_t *)p, b, LineStop((uint8_t *)p, n, b, max), UPH_LINE_WHOLE,
                         NoResponse(b, any)).outcome == UPH_HEAD_FIELDS; @/
      /@ assert behind: \forall struct uph_response any;
           ResponseStart((uint8_t *)p, b, LineStop((uint8_t *)p, n, b, max), UPH_LINE_WHOLE,
                         NoResponse(b, any)).end == start; @/
      /@ assert lines: \forall struct uph_response r;
           r.outcome == UPH_HEAD_FIELDS && r.end == start ==>
           ResponseLines((uint8_t *)p, n, max, most, r) ==
           ResponseFields((uint8_t *)p, n, start, 0, max, most, r); @/
      /@ assert head: \forall struct uph_response any;
           ResponseHead((uint8_t *)p, n, b, max, most, any) ==
           ResponseFields((uint8_t *)p, n, start, 0, max, most,
             ResponseStart((uint8_t *)p, b, LineStop((uint8_t *)p, n, b, max), UPH_LINE_WHOLE,
                           NoResponse(b, any))); @/
      /@ assert status: \forall struct uph_response any;
           ResponseStart((uint8_t *)p, b, LineStop((uint8_t *)p, n, b, max), UPH_LINE_WHOLE,
                         NoResponse(b, any)).status ==
           StatusLine((uint8_t *)p, b, NoResponse(b, any).status); @/
      /@ assert code: \forall struct uph_status s;
           StatusLine((uint8_t *)p, b, s).code == StatusCode((uint8_t *)p, b) &&
           StatusLine((uint8_t *)p, b, s).major == p[b + 5] - '0' &&
           StatusLine((uint8_t *)p, b, s).minor == p[b + 7] - '0'; @/
      /@ assert same: StepOutcome((uint8_t *)p, n, at, count, max, most, 0) == UPH_HEAD_END ==>
           (\forall struct uph_response any;
              ResponseHead((uint8_t *)p, n, b, max, most, any).end == LineNext((uint8_t *)p, at) &&
              ResponseHead((uint8_t *)p, n, b, max, most, any).status ==
                StatusLine((uint8_t *)p, b, NoResponse(b, any).status)); @/
      return;
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   b <= m <= n <= UPHELD_LIMIT_MAX && max <= UPHELD_LIMIT_MAX;
     requires ends:     InterimEnd((uint8_t *)p, m, b, max, most) > b;
     terminates \true;
     assigns \nothing;
     ensures exact: \result == InterimEnd((uint8_t *)p, m, b, max, most);
     ensures same: \result == InterimEnd((uint8_t *)p, n, b, max, most);
     ensures ends: HeadEnds((uint8_t *)p, n, b, max, most, \result);
     ensures bounded: b < \result <= m; @/
  size_t interim_held(const uint8_t *p, size_t m, size_t n, size_t b, size_t max, size_t most)
  {
      size_t start = status_held(p, m, n, b, max);
      size_t i = start;
      size_t k = 0;
      /@ loop invariant bounded: start <= i <= m && k <= i;
         loop invariant ends: LinesEnd((uint8_t *)p, m, start, 0, max, most) ==
                              LinesEnd((uint8_t *)p, m, i, k, max, most);
         loop invariant going: LinesEnd((uint8_t *)p, m, i, k, max, most) > b;
         loop invariant reached: \forall integer a, integer c; c >= k ==>
           LinesReach((uint8_t *)p, n, start, 0, a, c, max, most, 0) ==
           LinesReach((uint8_t *)p, n, i, k, a, c, max, most, 0);
         loop assigns i, k;
         loop variant m - i; @/
      while (p[i] != 13) {
          /@ assert field: StepOutcome((uint8_t *)p, m, i, k, max, most, 0) == UPH_HEAD_FIELDS; @/
          i = field_held(p, m, n, i, k, max, most, 0);
          k++;
      }
      /@ assert empty: i + 2 <= m && p[i + 1] == 10; @/
      /@ assert here: LinesReach((uint8_t *)p, n, i, k, i, k, max, most, 0) == \true; @/
      head_comes(p, n, b, i, k, max, most);
      return i + 2;
  } */

/*@ ghost
  /@ requires go:   HeadsGo((uint8_t *)p, n, count, b, max, most);
     requires ends: e == InterimEnd((uint8_t *)p, n, b, max, most) && e > b;
     terminates \true;
     assigns \nothing;
     ensures go: HeadsGo((uint8_t *)p, n, count + 1, e, max, most); @/
  void heads_go(const uint8_t *p, size_t n, size_t count, size_t b, size_t e, size_t max,
                size_t most)
  {
      /@ assert step: \forall integer c, integer a; c >= 0 ==>
           HeadsReach((uint8_t *)p, n, b, 1 + c, a, max, most) ==
           HeadsReach((uint8_t *)p, n, e, c, a, max, most); @/
      /@ assert next: \forall integer c, integer a; c >= 0 ==>
           HeadsReach((uint8_t *)p, n, 0, count + (1 + c), a, max, most) ==
           HeadsReach((uint8_t *)p, n, b, 1 + c, a, max, most); @/
      return;
  } */

/*@ ghost
  /@ requires count:   count < interim;
     requires go:      HeadsGo((uint8_t *)p, n, count, b, max, most);
     requires from:    RepliesFrom((uint8_t *)p, n, b, interim - count, interim, max, most);
     requires ends:    HeadEnds((uint8_t *)p, n, b, max, most, e);
     requires interim: e == InterimEnd((uint8_t *)p, n, b, max, most) && e > b;
     terminates \true;
     assigns \nothing;
     ensures go: HeadsGo((uint8_t *)p, n, count + 1, e, max, most);
     ensures from: RepliesFrom((uint8_t *)p, n, e, interim - (count + 1), interim, max, most); @/
  void head_behind(const uint8_t *p, size_t n, size_t count, size_t b, size_t e, size_t interim,
                   size_t max, size_t most)
  {
      heads_go(p, n, count, b, e, max, most);
      return;
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   m <= n <= UPHELD_LIMIT_MAX && max <= UPHELD_LIMIT_MAX;
     requires count:    count <= interim;
     requires reaches:  HeadsReach((uint8_t *)p, m, 0, count, at, max, most) == \true;
     terminates \true;
     assigns \nothing;
     ensures go: HeadsGo((uint8_t *)p, n, count, at, max, most);
     ensures from: RepliesFrom((uint8_t *)p, n, at, interim - count, interim, max, most); @/
  void heads_held(const uint8_t *p, size_t m, size_t n, size_t count, size_t at, size_t interim,
                  size_t max, size_t most)
  {
      size_t b = 0;
      size_t h = 0;
      /@ loop invariant bounded: b <= m && h <= count;
         loop invariant reaches:
           HeadsReach((uint8_t *)p, m, b, count - h, at, max, most) == \true;
         loop invariant go: HeadsGo((uint8_t *)p, n, h, b, max, most);
         loop invariant from:
           RepliesFrom((uint8_t *)p, n, b, interim - h, interim, max, most);
         loop assigns b, h;
         loop variant count - h; @/
      while (h < count) {
          size_t e = interim_held(p, m, n, b, max, most);
          head_behind(p, n, h, b, e, interim, max, most);
          b = e;
          h++;
      }
  } */

/*@ ghost
  /@ requires readable: \valid_read(p + (0 .. n - 1));
     requires inside:   r.seen <= n <= client->limits.head;
     requires client:   \valid_read(client);
     requires bounded:  BoundedClient((struct upheld_client *)client);
     requires known:    ReplyReaderIs((uint8_t *)p, r, (struct upheld_client *)client);
     terminates \true;
     assigns \nothing;
     ensures held: HeldLine((uint8_t *)p, r, n, client->limits.line);
     ensures read: InHead((uint8_t *)p, n, r, client->limits.line, client->limits.fields);
     ensures go: HeadsGo((uint8_t *)p, n, r.target, r.space, client->limits.line,
                         client->limits.fields);
     ensures from: RepliesFrom((uint8_t *)p, n, r.space, client->interim - r.target,
                               client->interim, client->limits.line, client->limits.fields); @/
  void reader_held(const uint8_t *p, size_t n, const struct upheld_client *client,
                   struct upheld_reader r)
  {
      size_t m = r.seen;
      size_t max = client->limits.line;
      size_t most = client->limits.fields;
      heads_held(p, m, n, r.target, r.space, client->interim, max, most);
      scanned_held(p, n, r, max);
      if (r.lines > 0) {
          size_t start = status_held(p, m, n, r.space, max);
          lines_held(p, m, n, start, r.at, (size_t)r.lines - 1, max, most, 0);
          /@ assert here: LinesReach((uint8_t *)p, n, r.at, r.lines - 1, r.at, r.lines - 1, max,
                                     most, 0) == \true; @/
      }
  } */

/*@ ghost
  /@ requires seen:    r.seen == n && n <= client->limits.head;
     requires client:  \valid_read(client);
     requires ordered: r.space <= r.at <= r.scanned <= n && r.target <= client->interim;
     requires go:      HeadsGo((uint8_t *)p, n, r.target, r.space, client->limits.line,
                               client->limits.fields);
     requires read:    InHead((uint8_t *)p, n, r, client->limits.line, client->limits.fields);
     requires stop:    r.scanned == LineStop((uint8_t *)p, n, r.at, client->limits.line);
     terminates \true;
     assigns \nothing;
     ensures known: ReplyReaderIs((uint8_t *)p, r, (struct upheld_client *)client); @/
  void reader_known(const uint8_t *p, size_t n, const struct upheld_client *client,
                    struct upheld_reader r)
  {
      /@ assert heads: HeadsReach((uint8_t *)p, n, 0, r.target + 0, r.space,
                                  client->limits.line, client->limits.fields) ==
                       HeadsReach((uint8_t *)p, n, r.space, 0, r.space, client->limits.line,
                                  client->limits.fields); @/
      return;
  } */

#endif
#endif

#endif
