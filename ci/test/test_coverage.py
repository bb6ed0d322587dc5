"""Coverage: figures that can be counted by hand, on a core of three small files."""
import json
import shutil
import unittest

import tree

HEADER = """#include <stddef.h>
#include <stdint.h>
int toy_two(int a, int b);
int toy_four(const uint8_t *p, size_t n);
int other(int a, int b, int c);
int cases(int a);
static inline int toy_small(int c)
{
    return c < 10;
}
"""
TOY = """#include "toy.h"
int toy_two(int a, int b)
{
    return a && b;
}
static int never(int a)
{
    return a ? 1 : 2;
}
int toy_four(const uint8_t *p, size_t n)
{
    if (n == 0) {
        return 0;
    }
    switch (p[0]) {
    case 'a':
        return toy_small(p[0]);
    case 'b':
        return never(1);
    default:
        break;
    }
    return n > 1 && (p[0] == 'x' || p[1] == 'y');
}
"""
OTHER = """#include "toy.h"
int other(int a, int b, int c)
{
    return toy_small(a && b) && c;
}
"""
CASES = """#include "toy.h"
int cases(int a)
{
    int found = 0;
    switch (a) {
#define ROW(n) \\
    case n: \\
        found = n + 1; \\
        break;
#include "rows.def"
#undef ROW
    }
    return found;
}
"""
TARGET = """#include "toy.h"
#include "fuzz.h"
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    (void)toy_two(size > 0, size > 1);
    (void)toy_four(data, size);
    (void)(other(1, 1, 1) + other(1, 0, 0) + other(0, 1, 1));
    (void)(cases(1) + cases(2) + cases(3));
    return 0;
}
"""
SEEDS = {"empty": "", "a": "a", "zy": "zy", "zz": "zz"}


class Coverage(unittest.TestCase):
    def setUp(self):
        self.tree = tree.Tree()
        self.addCleanup(self.tree.__exit__)
        for folder in ("core", "fuzz", "corpus"):
            shutil.rmtree(self.tree.root / folder)
            (self.tree.root / folder).mkdir()
        for name in ("fuzz.h", "replay.c"):
            shutil.copyfile(tree.CI.parent / "fuzz" / name, self.tree.root / "fuzz" / name)
        for name, text in (("core/toy.h", HEADER), ("core/toy.c", TOY), ("core/other.c", OTHER),
                           ("core/cases.c", CASES), ("core/rows.def", "ROW(1)\nROW(2)\n"),
                           ("fuzz/toy.c", TARGET)):
            self.tree.write(name, text)
        (self.tree.root / "corpus/toy").mkdir()
        for name, text in SEEDS.items():
            self.tree.write(f"corpus/toy/{name}", text)

    def cover(self):
        ran = self.tree.run("coverage.py")
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        return json.loads((self.tree.root / "build/coverage.json").read_text(encoding="utf-8"))

    def part(self, value, name, kind):
        row = next(row for row in value["files"] if row["file"] == name)
        return row[kind]["covered"], row[kind]["total"]

    def test_figures_counted_by_hand(self):
        value = self.cover()
        # a, b, n == 0 and p[1] == 'y' of seven conditions; the cases of a switch are none.
        self.assertEqual(self.part(value, "core/toy.c", "mcdc"), (4, 7))
        self.assertEqual(self.part(value, "core/toy.c", "branches"), (15, 20))
        self.assertEqual(self.part(value, "core/toy.h", "lines"), (3, 3))
        why = {(row["line"], row["why"]) for row in value["missed"]
               if row["file"] == "core/toy.c"}
        self.assertIn((23, "MC/DC: `n > 1` never decides alone"), why)
        self.assertIn((8, "MC/DC: `a` never reached"), why)
        self.assertIn((18, "branch: `case 'b'` never true"), why)

    def test_what_clang_cannot_measure_counts_as_missed(self):
        """A decision with another inside a call, though all its conditions go both ways."""
        value = self.cover()
        self.assertEqual(self.part(value, "core/other.c", "branches"), (7, 8))
        self.assertEqual(self.part(value, "core/other.c", "mcdc"), (0, 4))

    def test_a_directive_is_no_line(self):
        """llvm-cov counts the `#include` between two cases as a line that nothing reaches."""
        value = self.cover()
        self.assertEqual(self.part(value, "core/cases.c", "lines"), (6, 6))
        self.assertNotIn("core/cases.c", {row["file"] for row in value["missed"]})

    def test_whole_fails_on_what_is_missed(self):
        ran = self.tree.run("coverage.py", "--whole")
        self.assertEqual(ran.returncode, 1, ran.stdout + ran.stderr)
        self.assertIn("core/toy.c:23: MC/DC: `n > 1` never decides alone: add a seed", ran.stdout)
        missed = len(self.cover()["missed"])
        self.assertTrue(ran.stdout.endswith(f"0 passed, {missed} failed\n"), ran.stdout)

    def test_a_seed_that_goes_missing_is_seen(self):
        before = self.cover()["mcdc"]["covered"]
        (self.tree.root / "corpus/toy/zy").unlink()
        self.assertLess(self.cover()["mcdc"]["covered"], before)

    def test_no_seed_fails_and_leaves_the_last_figures(self):
        self.cover()
        for name in SEEDS:
            (self.tree.root / "corpus/toy" / name).unlink()
        ran = self.tree.run("coverage.py")
        self.assertEqual(ran.returncode, 1)
        self.assertIn("corpus/toy/ is empty", ran.stdout)
        self.assertTrue((self.tree.root / "build/coverage.json").is_file())

    def test_a_target_that_fails_on_a_seed_fails(self):
        self.tree.write("fuzz/toy.c", TARGET.replace("return 0;", "abort();"))
        ran = self.tree.run("coverage.py")
        self.assertEqual(ran.returncode, 1)
        self.assertFalse((self.tree.root / "build/coverage.json").exists())


if __name__ == "__main__":
    unittest.main()
