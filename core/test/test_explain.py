"""test_explain.py: `upheld explain` says what the table of clauses holds."""

import glob
import json
import os
import re
import sys

from testing import CORE, Command, per_command

sys.path.insert(0, os.path.join(CORE, "clauses"))
import table  # noqa: E402

load_tests = per_command
KEYS = ["id", "document", "section", "level", "binds", "how", "verdict", "status", "where", "text",
        "demands", "does"]
TRACED = ["predicates", "contracts", "fuzz", "vectors", "tests"]
SHOWN = {"decides", "reads", "writes"}


def traces():
    """What `make trace` found of each clause, by id: a list of names for each of TRACED."""
    found = {}
    for path in sorted(glob.glob(os.path.join(CORE, "command/trace/*.def"))):
        with open(path, encoding="ascii") as source:
            text = source.read()
        for row in re.findall(r'^UPHELD_TRACE\((.*?)\)\n', text, re.M | re.S):
            parts = re.findall(r'"[^"]*"(?:\s+"[^"]*")*', row)
            id, *cells = ["".join(re.findall(r'"([^"]*)"', part)) for part in parts]
            found[id] = {name: cell.split(", ") if cell else []
                         for name, cell in zip(TRACED, cells)}
    return found


def expected(row, known):
    """The JSON of a row, as the tables have it."""
    clause = known.get(row.id)
    return {**of_clause(row, clause), **traces()[row.id]}


def of_clause(row, clause):
    """What the table of clauses says."""
    return dict(zip(KEYS, [
        row.id, row.document, row.section, row.level.split(", "), row.binds.split(", "), row.how,
        row.verdict or None, (clause and clause.status) or None,
        [] if row.where == "-" else row.where.split(", "), clause and clause.text, row.demands,
        row.does]))


class Explain(Command):
    def said(self, *arguments):
        got = self.upheld("explain", *arguments)
        self.assertEqual((got.stderr, got.returncode), (b"", 0))
        return got.stdout.decode()

    def test_json_of_all_is_the_table(self):
        known = table.decided()
        rows = [expected(row, known) for row in table.read()]
        self.assertGreater(len(rows), 200)
        self.assertEqual(json.loads(self.said("--json")), rows)

    def test_json_of_one_is_its_row(self):
        known = table.decided()
        for row in table.read()[::7]:
            got = self.said("--json", row.id)
            self.assertEqual(json.loads(got), expected(row, known))
            self.assertEqual(list(json.loads(got)), KEYS + TRACED)
            self.assertEqual(got.count("\n"), 1)

    def test_a_person_reads_every_column(self):
        known = table.decided()
        for row in table.read():
            got = self.said(row.id)
            self.assertLessEqual(max(map(len, got.split("\n"))), 100)
            flat = re.sub(r"\s+", " ", got)
            clause = known.get(row.id)
            self.assertTrue(got.startswith(row.id + "\n"))
            for part in (row.document, row.section, f"level: {row.level}", f"binds: {row.binds}",
                         row.demands, row.does, row.where):
                self.assertIn(part, flat)
            if clause:
                for part in (f"{clause.text}.", f"decided in: {clause.room}",
                             f"verdict: {row.verdict}"):
                    self.assertIn(part, flat)
            self.assertEqual(f"answered with: {clause and clause.status}" in flat,
                             bool(clause and clause.status))

    def test_a_person_reads_what_was_traced(self):
        labels = dict(zip(TRACED, ("predicates", "contracts", "fuzzed", "vectors", "unit tests")))
        found = traces()
        self.assertEqual(sorted(found), sorted(row.id for row in table.read()))
        for row in table.read()[::5]:
            flat = re.sub(r"\s+", " ", self.said(row.id))
            for cell, label in labels.items():
                line = f" {label}: " + (", ".join(found[row.id][cell]) or "none")
                self.assertEqual(line in flat, row.how in SHOWN, (row.id, line))

    def test_a_clause_that_decides_names_its_predicate_and_contract(self):
        got = self.said("R9112-3.2-3")
        for part in ("RequestVerdict", "host_holds:R9112_3_2_3", "request: Decide",
                     "server: no-host", "requests.h"):
            self.assertIn(part, got)

    def test_a_list_has_a_line_for_each(self):
        known = table.decided()
        lines = self.said().rstrip("\n").split("\n")
        self.assertEqual(lines, self.said("--list").rstrip("\n").split("\n"))
        self.assertEqual(lines, [
            f"{row.id:16}{row.how:14}{known[row.id].text if row.id in known else row.demands}"
            for row in table.read()])

    def test_an_unknown_id_is_one_line_with_the_nearest(self):
        for typed, near in (("R6455_4_2_1_5", "near it: R6455-4.2.1-5,"),
                            ("r6455-4.2.1-5", "near it: R6455-4.2.1-5,"),
                            ("R6455" + "-4.2.15", "near it: R6455-4.2.1-5,"),
                            ("R6455" + "-4.2.1", "R6455-4.2.1-0, R6455-4.2.1-1, R6455-4.2.1-2;"),
                            ("x-24", "near it: X-24,"), ("X-", "near it: X-1, X-2, X-3;")):
            with self.subTest(typed):
                self.refused(self.upheld("explain", typed), f"unknown clause '{typed}'", near,
                             "lists them all")

    def test_what_is_like_no_id_gets_no_suggestion(self):
        for typed in ("", "R0-0", "nonsense", "-", "\x01" * 31, "R" * 32, "R" * 100000):
            with self.subTest(typed[:40]):
                got = self.upheld("explain", "--", typed)
                self.refused(got, "unknown clause")
                self.assertNotIn(b"near it", got.stderr)

    def test_unusable_arguments(self):
        for arguments, said in ((["a", "b"], "'b'"), (["--json", "X-1", "X-2"], "'X-2'"),
                                (["--list", "X-1"], "--list takes no CLAUSE"),
                                (["--policy", "p"], "--policy"), (["--json=1"], "--json=1")):
            with self.subTest(arguments):
                self.refused(self.upheld("explain", *arguments), said)

    def test_output_that_is_lost_is_no_success(self):
        for arguments in ([], ["--json"], ["--list", "--json"], ["--json", "X-1"], ["X-1"]):
            with open("/dev/full", "wb") as full:
                got = self.upheld("explain", *arguments, stdout=full)
            self.assertEqual(got.returncode, 2)
            self.assertRegex(got.stderr, rb"\Aupheld: cannot write standard output[^\n]*\n\Z")
