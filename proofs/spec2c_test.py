#!/usr/bin/python3
"""Tests of proofs/spec2c: small specifications, translated, compiled and run.

    python3 proofs/spec2c_test.py [NAME...]

A test translates ACSL text and compiles it, warnings being errors and overflow being trapped,
together with a main() that checks values; or it expects an error at a line. Prints each failure,
then `N passed, M failed`. CC names the compiler, gcc if unset.
"""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TRANSLATOR = [sys.executable, "-B", os.path.join(HERE, "spec2c")]
CC = os.environ.get("CC", "gcc")
STRICT = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
TRAP = ["-fsanitize=signed-integer-overflow,shift,integer-divide-by-zero",
        "-fsanitize-undefined-trap-on-error"]
HEADER = """
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#define LIMIT 7
enum colour { RED, GREEN = 5 };
struct inner { uint16_t x; int64_t y; };
struct facts { size_t n; uint8_t small; uint32_t wide; uint64_t huge; bool yes;
               enum colour colour; struct inner in; uint8_t cell[4]; };
struct list { const uint8_t *p; const struct inner *inners; uint32_t count; };
static const uint8_t WORD[4] = { 'h', 'o', 's', 't' };
"""
TESTS = {}


def test(function):
    TESTS[function.__name__] = function
    return function


class Failure(Exception):
    pass


def save(path, text):
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)


def load(path):
    with open(path, encoding="utf-8") as stream:
        return stream.read()


def translate(box, spec, more=(), env=None):
    save(os.path.join(box, "types.h"), HEADER)
    save(os.path.join(box, "s.acsl"), spec)
    return subprocess.run(TRANSLATOR + ["--out", "out", "--header", "types.h", "s.acsl", *more],
                          cwd=box, capture_output=True, text=True, check=False,
                          env={**os.environ, "CC": CC, **(env or {})})


def build(box, checks, flags):
    save(os.path.join(box, "main.c"), f"""#include "out/spec.h"
#include <stdio.h>
#include <stdlib.h>
#define CHECK(x) \\
    do {{ if (!(x)) {{ printf("line %d: %s\\n", __LINE__, #x); exit(1); }} }} while (0)
int main(void)
{{
#line 1 "checks"
{checks}
    return 0;
}}
""")
    run = subprocess.run([CC, *STRICT, *TRAP, *flags, "-o", "prog", "out/spec.c",
                          "main.c"], cwd=box, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise Failure("does not compile:\n" + run.stderr)


def run_spec(spec, checks, flags=("-O1",), traps=False, limit="ulimit -s 8192"):
    """Translates, compiles and runs; `traps`: the run must end by a trap."""
    with tempfile.TemporaryDirectory() as box:
        done = translate(box, spec)
        if done.returncode != 0:
            raise Failure(done.stderr)
        build(box, checks, flags)
        run = subprocess.run(["sh", "-c", f"{limit}; ulimit -c 0; exec ./prog"], cwd=box,
                             capture_output=True, text=True, check=False, timeout=60)
        if traps and run.returncode >= 0:
            raise Failure(f"expected a trap, got exit {run.returncode}")
        if not traps and run.returncode != 0:
            raise Failure(f"exit {run.returncode}: {run.stdout}{run.stderr}")
        return done.stdout


def refuse(spec, line, *words):
    """The translation must fail with s.acsl:line and the words, and write nothing."""
    with tempfile.TemporaryDirectory() as box:
        done = translate(box, spec)
        if done.returncode != 1:
            raise Failure(f"exit {done.returncode}, expected 1: {done.stdout}{done.stderr}")
        if os.path.exists(os.path.join(box, "out", "spec.c")):
            raise Failure("wrote a result in spite of the error")
        if len(done.stderr.strip().split("\n")) != 1 or "Traceback" in done.stderr:
            raise Failure(f"expected one line, got: {done.stderr}")
        for word in (f"s.acsl:{line}: ",) + words:
            if word not in done.stderr:
                raise Failure(f"expected '{word}' in: {done.stderr.strip()}")


# Arithmetic


@test
def division_truncates_like_c():
    run_spec("/*@ logic integer Div(integer a, integer b) = a / b;\n"
             "    logic integer Mod(integer a, integer b) = a % b; */",
             "CHECK(spec_Div(-7, 2) == -3); CHECK(spec_Mod(-7, 2) == -1);"
             "CHECK(spec_Div(7, -2) == -3); CHECK(spec_Mod(7, -2) == 1);")


@test
def c_operands_do_not_wrap():
    run_spec("""/*@ logic integer Inc(uint32_t x) = x + 1;
        logic integer Dec(uint32_t x) = x - 1;
        logic integer Neg(uint32_t x) = -x;
        logic integer Top(uint8_t *p) = p[0] << 24;
        logic integer Big(uint8_t x) = x * x * x * x * x;
        logic integer Sum(uint32_t x, uint32_t y) = x + y;
        logic integer Size(struct facts f) = f.n - 1;
        logic boolean Below(uint32_t x, integer y) = x < y;
        logic boolean Less(uint32_t x) = -1 < x;
        logic boolean Huge(struct facts f) = -1 < f.huge;
        logic boolean Same(uint32_t x, uint8_t y) = x - 1 == y - 2; */""", """
        uint8_t p[1] = { 255 };
        struct facts f = { 0 };
        CHECK(spec_Inc(0xffffffffu) == 4294967296);
        CHECK(spec_Dec(0) == -1);
        CHECK(spec_Neg(1) == -1);
        CHECK(spec_Top(p) == 4278190080);
        CHECK(spec_Big(255) == 1078203909375);
        CHECK(spec_Sum(0xffffffffu, 0xffffffffu) == 8589934590);
        CHECK(spec_Size(f) == -1);
        CHECK(!spec_Below(1, -1)); CHECK(spec_Below(1, 2));
        CHECK(spec_Less(0)); CHECK(spec_Huge(f)); CHECK(spec_Same(0, 1));""")


@test
def casts_wrap_as_in_c():
    run_spec("""/*@ logic integer Low(integer x) = (uint32_t)x;
        logic integer Not(integer x) = (uint32_t)(~x);
        logic uint8_t Octet(integer x) = (uint8_t)x;
        logic integer Rotate(integer x) = (uint32_t)((uint32_t)(x << 5) | (x >> 27));
        logic boolean Truth(integer x) = (_Bool)x == \\true;
        logic integer Number(boolean b) = (integer)b;
        logic enum colour Colour(integer x) = (enum colour)x; */""", """
        CHECK(spec_Low(-1) == 4294967295); CHECK(spec_Low(4294967298) == 2);
        CHECK(spec_Not(0) == 4294967295); CHECK(spec_Octet(511) == 255);
        CHECK(spec_Rotate(0x80000001) == 0x30); CHECK(spec_Truth(256)); CHECK(!spec_Truth(0));
        CHECK(spec_Number(true) == 1); CHECK(spec_Colour(5) == GREEN);""")


@test
def overflow_traps_where_acsl_has_no_bound():
    spec = "/*@ logic integer Twice(integer x) = x * 2; */"
    run_spec(spec, "CHECK(spec_Twice(INT64_MAX / 2) == INT64_MAX - 1);")
    run_spec(spec, "volatile int64_t x = INT64_MAX; return (int)spec_Twice(x);", traps=True)
    spec = "/*@ logic integer Shift(integer x) = x << 40; */"
    run_spec(spec, "volatile int64_t x = 1 << 30; return (int)spec_Shift(x);", traps=True)
    spec = "/*@ logic integer Of(uint64_t x) = x; */"
    run_spec(spec, "CHECK(spec_Of(INT64_MAX) == INT64_MAX);")
    run_spec(spec, "volatile uint64_t x = UINT64_MAX; return (int)spec_Of(x);", traps=True)
    spec = "/*@ logic integer Div(integer x) = 1 / x; */"
    run_spec(spec, "volatile int64_t x = 0; return (int)spec_Div(x);", traps=True)


@test
def precedence_is_that_of_c():
    run_spec("""/*@ logic integer A(integer c) = c & 3 + 1;
        logic integer B(integer c) = 1 | 2 ^ c & 6 << 1;
        logic integer C(integer c) = 10 - c - 3 - 1 * 2 % 3;
        logic integer D(integer c) = - c % 4;
        logic integer E(integer c) = c < 3 ? 1 : c < 5 ? 2 : 3;
        predicate P(integer a, integer b) = a == 1 || b == 1 && a == 2;
        predicate I(integer a) = a == 1 ==> a == 2 ==> a == 3;
        predicate Q(integer a, integer b) = a == 1 <==> b == 1;
        predicate X(integer a, integer b) = a == 1 ^^ b == 1;
        logic boolean N(integer a) = !(a == 1) && !(a == 2);
        predicate M(integer a) = (a & 4) == 4; */""", """
        CHECK(spec_A(7) == 4);
        for (int64_t c = 0; c < 20; c++) {
            CHECK(spec_B(c) == (1 | (2 ^ (c & (6 << 1)))));
        }
        CHECK(spec_C(2) == 3); CHECK(spec_D(7) == -3);
        CHECK(spec_E(2) == 1 && spec_E(4) == 2 && spec_E(9) == 3);
        CHECK(spec_P(1, 0)); CHECK(spec_P(2, 1)); CHECK(!spec_P(0, 1));
        CHECK(spec_I(1)); CHECK(spec_I(0));
        CHECK(spec_Q(1, 1)); CHECK(spec_Q(0, 0)); CHECK(!spec_Q(1, 0));
        CHECK(spec_X(1, 0)); CHECK(!spec_X(1, 1));
        CHECK(spec_N(3)); CHECK(!spec_N(2)); CHECK(spec_M(5)); CHECK(!spec_M(3));""")


@test
def chains_are_conjunctions():
    run_spec("""/*@ predicate Up(integer a, integer b, integer c) = a <= b < c;
        predicate Down(integer a, integer b) = 9 > a >= b == 3; */""",
             "CHECK(spec_Up(1, 1, 2)); CHECK(!spec_Up(0, 2, 2)); CHECK(!spec_Up(3, 2, 9));"
             "CHECK(spec_Down(4, 3)); CHECK(!spec_Down(4, 2)); CHECK(!spec_Down(9, 3));")


@test
def characters_and_literals():
    run_spec("""/*@ logic integer Of(integer k) = k == 0 ? '\\'' : k == 1 ? '\\\\' : k == 2 ? '@' :
        k == 3 ? '"' : k == 4 ? '\\n' : k == 5 ? 0xFFu : k == 6 ? 0xffffffff :
        k == 7 ? 4294967296u : k == 8 ? '/' : -1; */""", """
        CHECK(spec_Of(0) == 39 && spec_Of(1) == 92 && spec_Of(2) == 64 && spec_Of(3) == 34);
        CHECK(spec_Of(4) == 10 && spec_Of(5) == 255 && spec_Of(6) == 4294967295);
        CHECK(spec_Of(7) == 4294967296 && spec_Of(8) == 47 && spec_Of(9) == -1);""")


@test
def builtin_functions():
    run_spec("/*@ logic integer M(integer a, integer b) = \\max(\\abs(a), b) - \\min(a, b); */",
             "CHECK(spec_M(-5, 3) == 10); CHECK(spec_M(2, 7) == 5);")


# Names, types and memory


@test
def let_is_lazy_and_scoped():
    run_spec("""/*@
        logic integer At(uint8_t *p, integer n, integer i) = \\let c = p[i]; i >= n ? -1 : c;
        logic integer Again(integer i) = \\let i = i + 1; \\let i = i * 10; i;
        logic integer Both(integer i) = (\\let k = i; k + 1) + (\\let k = i * 2; k);
        logic boolean In(uint8_t *p, integer n) = n > 0 && (\\let c = p[0]; c == 1 || c == 2);
        logic struct facts Of(struct facts f) = \\let x = f.in; { f \\with .in = x }; */""", """
        uint8_t p[2] = { 2, 3 };
        CHECK(spec_At(NULL, 0, 0) == -1); CHECK(spec_At(p, 2, 1) == 3);
        CHECK(spec_Again(4) == 50); CHECK(spec_Both(5) == 16);
        CHECK(!spec_In(NULL, 0)); CHECK(spec_In(p, 1));""")


@test
def structs_and_updates():
    run_spec("""/*@
        logic struct facts One(struct facts f) = { f \\with .n = (size_t)(f.n + 1) };
        logic struct facts Two(struct facts f) =
          { { f \\with .n = (size_t)9 } \\with .small = (uint8_t)f.n };
        logic struct facts Many(struct facts f) =
          { f \\with .yes = (_Bool)1, .in.x = (uint16_t)3, .colour = GREEN };
        logic struct facts Maybe(struct facts f, integer k) =
          k == 1 ? One(f) : k == 2 ? Two(f) : { f \\with .in.y = (int64_t)(k - 5) };
        logic integer Sum(struct facts f) = One(f).n + Two(f).small + f.cell[2] + f.in.y;
        logic boolean Yes(struct facts f) = f.yes == 1 && f.colour == GREEN; */""", """
        struct facts f = { .n = 4, .cell = { 0, 0, 7, 0 }, .in = { 0, 2 } };
        CHECK(spec_One(f).n == 5); CHECK(f.n == 4);
        CHECK(spec_Two(f).n == 9 && spec_Two(f).small == 4);
        CHECK(spec_Many(f).yes && spec_Many(f).in.x == 3 && spec_Many(f).in.y == 2);
        CHECK(spec_Many(f).colour == GREEN && spec_Many(f).n == 4);
        CHECK(spec_Maybe(f, 1).n == 5 && spec_Maybe(f, 2).small == 4);
        CHECK(spec_Maybe(f, 3).in.y == -2);
        CHECK(spec_Sum(f) == 5 + 4 + 7 + 2); CHECK(!spec_Yes(f));
        CHECK(spec_Yes(spec_Many(f)));""")


@test
def pointers_and_tables():
    run_spec("""
        static const uint8_t OWN[3] = { 1, 2, 3 };
        /*@ logic boolean Same(uint8_t *p, uint8_t *w, integer m) =
          m <= 0 ? \\true : (p[m - 1] == w[m - 1] ? Same(p, w, m - 1) : \\false);
        logic boolean Host(uint8_t *p) = Same(p, &WORD[0], 4);
        logic boolean Tail(uint8_t *p) = Same(p + 1, &WORD[1], 3) && Same(&p[1], WORD + 1, 3);
        logic integer Own(integer i) = OWN[i];
        logic integer Count(struct list *l) = l->count + (*l).count;
        logic integer Y(struct list *l, integer k) = l->inners[k].y;
        logic boolean Starts(struct list l, uint8_t *p) = Same(p, (uint8_t *)l.p, 2);
        logic uint8_t *Skip(uint8_t *p, integer k) = p + k;
        logic boolean None(uint8_t *p) = p == \\null; */""", """
        struct inner in[2] = { { 1, 2 }, { 3, 4 } };
        struct list l = { (const uint8_t *)"ho", in, 2 };
        CHECK(spec_Host((const uint8_t *)"host")); CHECK(!spec_Host((const uint8_t *)"hosT"));
        CHECK(spec_Tail((const uint8_t *)"most")); CHECK(!spec_Tail((const uint8_t *)"hast"));
        CHECK(spec_Own(2) == 3); CHECK(spec_Count(&l) == 4); CHECK(spec_Y(&l, 1) == 4);
        CHECK(spec_Starts(l, (const uint8_t *)"hot")); CHECK(*spec_Skip(l.p, 1) == 'o');
        CHECK(spec_None(NULL)); CHECK(!spec_None(l.p));""")


@test
def labels_macros_and_comments():
    run_spec("""#define TWICE(x) ((x) + (x))
        #if LIMIT > 3
        /*@ // it's a "comment" with /* no meaning
          @ logic integer F{L}(uint8_t *p, integer i) = TWICE(\\at(p[i], L)) + LIMIT; // end */
        #endif
        //@ logic integer G{A, B}(uint8_t *p) = F{A}(p, 0);
        /* Not ACSL: logic integer Nothing = ; */
        /*@ logic integer Zero = 0; logic integer One() = Zero + 1; */
        /*@ logic boolean True = \\true; logic boolean False() = \\false; */""".replace(
            "One() ", "One ").replace("False() ", "False "), """
        uint8_t p[1] = { 5 };
        CHECK(spec_G(p) == 17); CHECK(spec_One() == 1); CHECK(spec_True() && !spec_False());""")


# Recursion


@test
def tail_calls_run_in_constant_stack():
    run_spec("""/*@
        logic integer Count(integer n, integer k) = n <= 0 ? k : Count(n - 1, k + 1);
        logic integer Add(integer n) = n <= 0 ? 0 : 1 + Add(n - 1);
        logic integer Odd(integer n) =
          n <= 0 ? 0 : n % 2 == 1 ? Odd(n - 1) + 1 : Odd(n - 1);
        logic boolean All(integer n) = n <= 0 ? \\true : n > 0 && n < 100000000 && All(n - 1);
        logic boolean Any(integer n) = n == -1 || (n > 0 && Any(n - 1));
        logic integer Deep(integer n) = n <= 0 ? 7 : \\let m = n - 1; Deep(m); */""", """
        CHECK(spec_Count(3000000, 1) == 3000001); CHECK(spec_Add(3000000) == 3000000);
        CHECK(spec_Odd(3000001) == 1500001); CHECK(spec_All(3000000)); CHECK(!spec_Any(3000000));
        CHECK(spec_Deep(3000000) == 7);""", flags=("-O0",), limit="ulimit -s 256")


@test
def parameters_change_at_once():
    run_spec("""/*@
        logic integer Fib(integer n, integer a, integer b) = n <= 0 ? a : Fib(n - 1, b, a + b);
        logic integer Turn(integer n, integer a, integer b, integer c) =
          n <= 0 ? a * 100 + b * 10 + c : Turn(n - 1, b, c, a); */""",
             "CHECK(spec_Fib(50, 0, 1) == 12586269025); CHECK(spec_Turn(1, 1, 2, 3) == 231);"
             "CHECK(spec_Turn(2, 1, 2, 3) == 312);")


@test
def sums_and_nested_recursion():
    run_spec("""/*@
        logic integer Sum(uint8_t *p, integer n, integer i) =
          i >= n ? 0 : p[i] + (i % 2 == 0 ? Sum(p, n, i + 1) : 1 + Sum(p, n, i + 1));
        logic integer Most(uint8_t *p, integer n, integer i) =
          i >= n ? 0 : \\let m = Most(p, n, i + 1); m > p[i] ? m : p[i];
        logic integer Ack(integer m, integer n) =
          m == 0 ? n + 1 : n == 0 ? Ack(m - 1, 1) : Ack(m - 1, Ack(m, n - 1));
        logic boolean Even(integer n) = n == 0 ? \\true : Odd(n - 1);
        logic boolean Odd(integer n) = n == 0 ? \\false : Even(n - 1); */""", """
        uint8_t p[4] = { 3, 250, 9, 1 };
        CHECK(spec_Sum(p, 4, 0) == 265); CHECK(spec_Most(p, 4, 0) == 250);
        CHECK(spec_Ack(2, 3) == 9); CHECK(spec_Even(10)); CHECK(!spec_Odd(10));""")


@test
def branching_recursion_is_kept_for_one_call_only():
    said = run_spec("""/*@
        logic integer Fib(integer n) = n < 2 ? n : Fib(n - 1) + Fib(n - 2);
        logic integer W(uint8_t *m, integer t) =
          t < 16 ? m[t] : (W(m, t - 3) ^ W(m, t - 8) ^ W(m, t - 14) ^ W(m, t - 16)) + 1;
        logic integer User(uint8_t *m, integer t) = W(m, t) * 2;
        logic integer Grid(integer k, integer of, integer table, integer value, integer call) =
          k <= 0 || of <= 0 ? table + value + call :
          Grid(k - 1, of, table, value, call) + Grid(k, of - 1, table, value, call);
        logic boolean Tree(integer n) = n <= 0 || (Tree(n - 1) && Bush(n - 1));
        logic boolean Bush(integer n) = n <= 0 || (Tree(n - 1) && Tree(n - 2)); */""", """
        uint8_t m[16];
        int64_t w[80];
        for (int round = 0; round < 3; round++) {
            for (int t = 0; t < 16; t++) {
                m[t] = (uint8_t)(t * 7 + round);
            }
            for (int t = 0; t < 80; t++) {
                w[t] = t < 16 ? m[t] : (w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16]) + 1;
                CHECK(spec_W(m, t) == w[t]);
                CHECK(spec_User(m, t) == 2 * w[t]);
            }
        }
        CHECK(spec_Fib(90) == 2880067194370816120); CHECK(spec_Fib(10) == 55);
        CHECK(spec_Tree(400)); CHECK(spec_Grid(15, 15, 1, 2, -2) == 155117520);""")
    if "values kept: Bush, Fib, Grid, Tree, User, W\n" not in said or \
            "no loop: Bush, Fib, Grid, Tree, W\n" not in said:
        raise Failure(f"kept: {said}")


@test
def repeated_calls_are_made_once():
    chain = "".join(f"logic integer F{k}(integer x) = F{k - 1}(x) % 7 + F{k - 1}(x);\n"
                    for k in range(1, 61))
    run_spec(f"/*@ logic integer F0(integer x) = x;\n{chain} */", """
        int64_t v = 3;
        for (int k = 0; k < 60; k++) {
            v = v % 7 + v;
        }
        CHECK(spec_F60(3) == v);""")


@test
def repeated_calls_keep_their_guards():
    run_spec("""/*@ logic integer First(uint8_t *p) = p[0];
        logic boolean Safe(uint8_t *p, integer n) =
          n > 0 && First(p) > 1 && First(p) < 9;
        logic integer Or(uint8_t *p, integer n) =
          (n == 0 || (First(p) > 1 && First(p) < 9)) ? n : First(p) + First(p);
        logic integer Inner(uint8_t *p, integer n) =
          1 + (n > 0 ? First(p) * First(p) : 0) + (n > 1 ? First(p) : 0); */""", """
        uint8_t p[1] = { 4 }, q[1] = { 9 };
        CHECK(!spec_Safe(NULL, 0)); CHECK(spec_Safe(p, 1)); CHECK(!spec_Safe(q, 1));
        CHECK(spec_Or(NULL, 0) == 0); CHECK(spec_Or(p, 1) == 1); CHECK(spec_Or(q, 1) == 18);
        CHECK(spec_Inner(NULL, 0) == 1); CHECK(spec_Inner(p, 1) == 17);
        CHECK(spec_Inner(p, 2) == 21);""")


# Quantifiers and what is skipped


@test
def bounded_quantifiers_are_loops():
    run_spec("""/*@
        predicate All(uint8_t *p, integer n) = \\forall integer k; 0 <= k < n ==> p[k] < 9;
        predicate Some(uint8_t *p, integer n) = \\exists integer k; 0 <= k < n && p[k] == 3;
        predicate Ends(integer a, integer b) = \\exists integer k; a < k <= b && k % 7 == 0;
        predicate Sorted(uint8_t *p, integer n) =
          \\forall integer i; 0 <= i < n ==> \\forall integer j; i < j < n ==> p[i] <= p[j];
        predicate Guard(uint8_t *p, integer n) =
          n > 0 && (\\forall integer k; 0 <= k < n && k % 2 == 0 ==> p[k] == 1); */""", """
        uint8_t p[4] = { 1, 2, 1, 8 };
        CHECK(spec_All(p, 4)); p[3] = 9; CHECK(!spec_All(p, 4)); CHECK(spec_All(NULL, 0));
        CHECK(!spec_Some(p, 4)); p[1] = 3; CHECK(spec_Some(p, 4)); CHECK(!spec_Some(NULL, 0));
        CHECK(spec_Ends(6, 7)); CHECK(!spec_Ends(7, 13)); CHECK(spec_Guard(p, 4));
        CHECK(!spec_Guard(NULL, 0)); CHECK(!spec_Sorted(p, 4)); p[2] = 3;
        CHECK(spec_Sorted(p, 4)); p[0] = 2; CHECK(!spec_Guard(p, 4));""")


@test
def lemmas_and_unbounded_predicates_are_skipped_and_listed():
    said = run_spec("""/*@ logic integer F(integer x) = x + 1;
        lemma Grows: \\forall integer x, y; \\let z = F(x); x < y ==> F(x) < F(y) && z > x;
        check lemma canary: \\false;
        predicate Every(integer n) = \\forall integer k; k > n ==> F(k) > n;
        predicate Read(uint8_t *p, integer n) = \\valid_read(p + (0 .. n - 1));
        predicate Uses(integer n) = Every(n) && n > 0; */""", "CHECK(spec_F(1) == 2);")
    for part in ("skipped Grows: s.acsl:2", "skipped Every: s.acsl:4: \\forall without",
                 "skipped Read: s.acsl:5: \\valid_read", "skipped Uses: s.acsl:6: uses Every",
                 "skipped canary: s.acsl:3", "1 functions from 1 files, 5 skipped"):
        if part not in said:
            raise Failure(f"'{part}' is missing in: {said}")


# Errors


@test
def errors_name_file_line_and_reason():
    refuse("/*@ logic integer F(integer x) =\n x + y; */", 2, "unknown name 'y'")
    refuse("/*@ logic integer F(integer x) =\n\n G(x); */", 3, "unknown function 'G'")
    refuse("/*@ logic integer F(integer x) = x;\nlogic integer G = F(1, 2); */", 2, "takes 1")
    refuse("\n/*@ axiom a: \\false; */", 2, "'axiom' is not translated")
    refuse("/*@ axiomatic A { logic integer F(integer x); } */", 1, "'axiomatic' is not")
    refuse("/*@ logic integer F(integer x); */", 1, "'F' has no body")
    refuse("/*@ logic integer F reads \\nothing; */", 1, "'F' has no body")
    refuse("/*@ inductive P(integer x) { case a: P(1); } */", 1, "'inductive' is not")
    refuse("/*@ admit lemma a: 1 == 2; */", 1, "'admit' is not translated")
    refuse("/*@ logic integer F = 1;\n logic integer F = 2; */", 2, "is defined at s.acsl:1 too")
    refuse("/*@ logic real F = 1; */", 1, "real numbers")
    refuse("/*@ predicate P(integer a) = 1 < a > 0; */", 1, "must point one way")
    refuse("/*@ predicate P(integer a) = a != 1 != 2; */", 1, "must point one way")
    refuse("/*@ logic integer F = 010; */", 1, "octal")
    refuse("/*@ logic integer F = 1.5; */", 1, "no ACSL token")
    refuse("/*@ logic integer F = 1 */", 1, "expected ';'")
    refuse("/*@ logic integer F = (1; */", 1, "expected ')'")
    refuse("/*@ logic integer F = 99999999999999999999; */", 1, "does not fit")
    refuse("/*@ logic integer F(struct nothing x) = 1; */", 1, "unknown type 'struct nothing'")
    refuse("/*@ logic integer F(struct facts f) = f.none; */", 1, "has no field 'none'")
    refuse("/*@ logic integer F(struct facts f) = f + 1; */", 1, "'+' on struct facts")
    refuse("/*@ predicate P(struct facts f) = f == f; */", 1, "'==' on struct facts")
    refuse("/*@ logic uint8_t F(integer x) = x; */", 1, "write a cast")
    refuse("/*@ logic struct facts F(struct facts f) = { f \\with .n = 1 }; */", 1, "write a cast")
    refuse("/*@ logic integer F(boolean b) = b; */", 1, "expected integer, found boolean")
    refuse("/*@ logic integer F(integer x) = \\sum(0, x, \\lambda integer k; k); */", 1)
    refuse("/*@ logic boolean F(integer x) = \\forall integer k; k > x; */", 1, "over one integer")
    refuse("/*@ predicate P(integer x) = \\forall integer k; k > x;\n"
           "logic boolean F(integer x) = P(x) ? \\true : \\false; */", 2, "was skipped")
    refuse("/*@ logic uint8_t *F(struct facts f) = &f.cell[0]; */", 1, "no place in memory")
    refuse("/*@ logic integer F(struct facts f, integer n) =\n"
           " n < 2 ? n : F(f, n - 1) + F(f, n - 2); */", 1, "cannot be kept by the struct 'f'")
    refuse("#if 0\n/*@ logic integer F = 1; */\n#endif", 2, "cut away by the preprocessor")
    refuse("\n/*@ logic integer F = 1;", 2, "does not end")
    refuse("/*@ logic integer F(integer c) = c == '\u00e9' ? 1 : 0; */", 1, "no ASCII character")
    refuse("int f(int x) { return x; }\n/*@ logic integer F = 1; */", 1, "only types and constant")


@test
def command_line_errors_are_one_line_and_exit_2():
    with tempfile.TemporaryDirectory() as box:
        save(os.path.join(box, "a.acsl"), "/*@ logic integer A = 1; */")
        os.mkdir(os.path.join(box, "d"))
        save(os.path.join(box, "d", "a.acsl"), "/*@ logic integer B = 1; */")
        for args in ([], ["--out", "o"], ["a.acsl"], ["--out", "o", "none.acsl"],
                     ["--out", "o", "d"], ["--out", "o", "--header", "none.h", "a.acsl"],
                     ["--out", "o", "a.acsl", "d/a.acsl"], ["--what", "a.acsl"]):
            done = subprocess.run(TRANSLATOR + args, cwd=box, capture_output=True, text=True,
                                  check=False)
            if done.returncode != 2 or "Traceback" in done.stderr or \
                    len(done.stderr.strip().split("\n")) != 1:
                raise Failure(f"{args}: exit {done.returncode}: {done.stderr}")


@test
def a_failed_run_keeps_the_last_result():
    with tempfile.TemporaryDirectory() as box:
        translate(box, "/*@ logic integer F = 1; */")
        before = load(os.path.join(box, "out", "spec.c"))
        if translate(box, "/*@ logic integer F = g; */").returncode != 1:
            raise Failure("expected an error")
        if load(os.path.join(box, "out", "spec.c")) != before:
            raise Failure("the last result has changed")


@test
def output_is_the_same_each_time():
    spec = "/*@ logic integer A(integer n) = n < 2 ? n : A(n - 1) + A(n - 2) + B(n) + B(n);\n" \
           "logic integer B(integer n) = n; predicate C(integer n) = A(n) > 1 && A(n) < 9; */"
    texts = set()
    for seed in ("1", "2", "3"):
        with tempfile.TemporaryDirectory() as box:
            done = translate(box, spec, env={"PYTHONHASHSEED": seed})
            texts.add(done.stdout + load(os.path.join(box, "out", "spec.c")) +
                      load(os.path.join(box, "out", "spec.h")))
    if len(texts) != 1:
        raise Failure(f"{len(texts)} different outputs")


@test
def heads_fold_line_by_line():
    """The shape that the specification has: facts as a fold over the lines of a head."""
    run_spec("""/*@
        logic integer Lower(integer c) = (0x41 <= c && c <= 0x5a) ? c + 32 : c;
        logic boolean SameWord(uint8_t *p, integer b, uint8_t *w, integer m) =
          m <= 0 ? \\true : (Lower(p[b+m-1]) == w[m-1] ? SameWord(p, b, w, m - 1) : \\false);
        logic integer LineEnd(uint8_t *p, integer n, integer i) =
          i + 1 >= n ? n : ((p[i] == 13 && p[i+1] == 10) ? i : LineEnd(p, n, i + 1));
        logic integer NameEnd(uint8_t *p, integer e, integer i) =
          i >= e ? e : (p[i] == ':' ? i : NameEnd(p, e, i + 1));
        logic boolean FieldLine(uint8_t *p, integer b, integer e) =
          b < NameEnd(p, e, b) && NameEnd(p, e, b) < e && p[NameEnd(p, e, b)] == 0x3a;
        logic integer HeadEnd(uint8_t *p, integer n, integer i) =
          LineEnd(p, n, i) >= n ? -1 :
          LineEnd(p, n, i) == i ? i + 2 :
          FieldLine(p, i, LineEnd(p, n, i)) ? HeadEnd(p, n, LineEnd(p, n, i) + 2) : -2;
        logic boolean NameIs(uint8_t *p, integer b, integer e, uint8_t *w, integer m) =
          NameEnd(p, e, b) == b + m && SameWord(p, b, w, m);
        logic struct facts StepLine{L}(uint8_t *p, integer b, integer e, struct facts f) =
          NameIs(p, b, e, &WORD[0], 4) ?
            { { f \\with .n = (size_t)(f.n + 1) } \\with .huge = (uint64_t)(b + 5) } :
            { f \\with .wide = (uint32_t)(f.wide + 1) };
        logic struct facts Fold{L}(uint8_t *p, integer n, integer i, struct facts f) =
          (LineEnd(p, n, i) >= n || LineEnd(p, n, i) == i) ? f :
          Fold(p, n, LineEnd(p, n, i) + 2, StepLine(p, i, LineEnd(p, n, i), f)); */""", r"""
        const uint8_t *p = (const uint8_t *)"Host: a\r\nHosts: b\r\nhOSt:\r\n\r\nrest";
        struct facts f = { 0 };
        CHECK(spec_HeadEnd(p, 32, 0) == 28); CHECK(spec_HeadEnd(p, 27, 0) == -1);
        CHECK(spec_HeadEnd(p, 32, 4) == -2); CHECK(spec_HeadEnd(p, 32, 28) == -1);
        f = spec_Fold(p, 32, 0, f);
        CHECK(f.n == 2 && f.wide == 1 && f.huge == 24);
        p = (const uint8_t *)"Host\r\n\r\n";
        CHECK(spec_HeadEnd(p, 8, 0) == -2);""")


def main():
    names = sys.argv[1:] or list(TESTS)
    unknown = [name for name in names if name not in TESTS]
    if unknown:
        print(f"spec2c_test: no test is called {unknown[0]}", file=sys.stderr)
        return 2
    failed = 0
    for name in names:
        try:
            TESTS[name]()
        except (Failure, subprocess.TimeoutExpired) as error:
            failed += 1
            print(f"FAILED {name}: {error}")
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
