"""test_clauses.py: the table of clauses is whole and true to the core, and each check can fail."""

import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

from testing import CORE, TOP

sys.path.insert(0, os.path.join(CORE, "clauses"))
import document  # noqa: E402
import table  # noqa: E402

UNKNOWN = "R6455-" + "4.2.1-99"  # in two parts, so that this file does not mention it


class Table(unittest.TestCase):
    """What the repository holds."""

    def nothing(self, problems):
        self.assertEqual("", "\n".join(problems))

    def test_every_file_is_part_of_the_table(self):
        self.nothing(table.check_files())

    def test_ids_are_unique(self):
        self.nothing(table.check_ids(table.read()))

    def test_every_row_is_complete(self):
        self.nothing(table.check_complete(table.read()))

    def test_what_decides_is_what_clauses_def_has(self):
        self.nothing(table.check_decided(table.read(), table.decided()))

    def test_rooms_and_names_exist(self):
        self.nothing(table.check_where(table.read()))

    def test_every_clause_that_is_mentioned_is_in_the_table(self):
        self.nothing(table.check_mentions(table.read()))

    def test_mentions_are_found_in_every_folder(self):
        for path in ("core/clauses.def", "core/decide.c", "proofs/spec/decision.acsl",
                     "fuzz/naive/switch.c", "corpus/vectors/server.jsonl"):
            with self.subTest(path):
                self.assertTrue(list(table.mentions(Path(TOP, path))))

    def test_the_document_is_what_the_table_says(self):
        with open(os.path.join(CORE, "CLAUSES.md"), encoding="utf-8") as page:
            same = page.read() == document.text(table.read(), table.decided())
        self.assertTrue(same, "core/CLAUSES.md is not what core/clauses/ says; run `make clauses`")

    def test_the_document_holds_every_row(self):
        page = document.text(table.read(), table.decided())
        for row in table.read():
            self.assertEqual(page.count(f"\n| {row.id} | "), 1, row.id)


class Planted(unittest.TestCase):
    """A copy of the core's table, with one thing wrong."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.top = Path(holder.name)
        self.core = self.top / "core"
        shutil.copytree(os.path.join(CORE, "clauses"), self.core / "clauses")
        for name in os.listdir(CORE):
            if name.endswith((".c", ".h", ".def")):
                shutil.copy(os.path.join(CORE, name), self.core)

    def plant(self, name, old, new):
        path = self.core / name
        text = path.read_text(encoding="ascii")
        self.assertEqual(text.count(old), 1, f"{name}: {old}")
        path.write_text(text.replace(old, new), encoding="ascii")

    def one(self, *said):
        """Exactly one problem, which says all this."""
        found = table.problems(self.core)
        self.assertEqual(len(found), 1, "\n".join(found))
        for part in said:
            self.assertIn(part, found[0])

    def test_a_copy_is_sound(self):
        self.assertEqual([], table.problems(self.core))

    def test_a_clause_that_is_added_to_clauses_def_alone(self):
        path = self.core / "clauses.def"
        path.write_text(path.read_text(encoding="ascii").replace(
            "UPHELD_CLAUSE(R9112_2_1_1",
            f'UPHELD_CLAUSE({table.as_name(UNKNOWN)}, "{UNKNOWN}", 400, "head",\n'
            '              "A text")\nUPHELD_CLAUSE(R9112_2_1_1'), encoding="ascii")
        found = table.problems(self.core)
        self.assertIn(f'core/clauses.def: {UNKNOWN}: not in core/clauses/; add UPHELD_DECIDES',
                      found[0])

    def test_a_clause_that_decides_and_is_said_to_be_read(self):
        self.plant("clauses.def", "UPHELD_CLAUSE(R9112_2_1_1",
                   'UPHELD_CLAUSE(X_1, "X-1", 400, "head", "A text")\nUPHELD_CLAUSE(R9112_2_1_1')
        self.one("core/clauses/resolutions.def:", "X-1", "make it UPHELD_DECIDES")

    def test_a_clause_that_is_said_to_decide_and_does_not(self):
        self.plant("clauses.def", 'UPHELD_CLAUSE(R9112_2_2_3, "R9112-2.2-3", 400, "head",\n'
                   '              "CR stands only before LF")\n', "")
        self.one("core/clauses/rfc9112.def:", "R9112-2.2-3", "make it UPHELD_ROW")

    def test_a_verdict_that_does_not_go_with_its_status(self):
        self.plant("clauses/rfc9112.def", '"sender, recipient", "MORE"',
                   '"sender, recipient", "REFUSE"')
        self.one("R9112-2.1-1", "'REFUSE'", "status 0")

    def test_an_id_that_stands_twice(self):
        self.plant("clauses/resolutions.def", '"X-13"', '"X-12"')
        self.one("X-12 stands already at core/clauses/resolutions.def:")

    def test_a_file_that_nobody_includes(self):
        (self.core / "clauses/more.def").write_text("")
        self.one("does not include more.def")

    def test_a_room_and_a_name_that_do_not_exist(self):
        self.plant("clauses/rfc9112.def", '"bytes, head"', '"bytes, heart"')
        self.one("R9112-2.2-1", "no room heart")
        self.plant("clauses/rfc9112.def", '"bytes, heart"', '"upheld_decision.heart"')
        self.one("R9112-2.2-1", "no upheld_decision.heart in core/upheld.h")

    def test_a_room_that_has_been_written(self):
        found = list(table.check_where(table.read(self.core), self.core, table.COMING | {"head"}))
        self.assertEqual(found, ["core/clauses/table.py: head has been written; take it out of"
                                 " COMING"])

    def test_columns_that_are_missing_or_unknown(self):
        row = '"RFC 9112", "2.2", "MUST", "recipient", "reads", "bytes, head"'
        for old, new, said in (
                ('"RFC 9112"', '""', "no document"), ('"2.2"', '""', "no section"),
                ('"MUST"', '"MUSTN\'T"', "level"), ('"MUST"', '""', "level"),
                ('"recipient"', '"everyone"', "binds"), ('"reads"', '"decides"', "how"),
                ('"reads"', '""', "how"), ('"bytes, head"', '"-"', "not where"),
                ('"bytes, head"', '""', "no room")):
            with self.subTest(new, said=said):
                wrong = row.replace(old, new)
                self.plant("clauses/rfc9112.def", row, wrong)
                self.one("core/clauses/rfc9112.def:", "R9112-2.2-1", said)
                self.plant("clauses/rfc9112.def", wrong, row)

    def test_texts_that_are_missing_or_no_sentences(self):
        for old, new, said in (('"Both are listed."', '""', "what is done is missing"),
                               ('"Both are listed."', '"Both are listed"', "with a stop"),
                               ('"Both are listed."', '"Both | listed."', "a text holds"),
                               ('"h2c is in use, or obsolete"', '""', "demands is missing"),
                               ('"h2c is in use, or obsolete"', '"h2c is."', "ends with a stop")):
            with self.subTest(said):
                self.plant("clauses/resolutions.def", old, new)
                self.one("core/clauses/resolutions.def:", said)
                self.plant("clauses/resolutions.def", new, old)

    def test_what_is_no_row_is_named_by_its_line(self):
        for old, new in (('"MUST", "recipient", "reads", "bytes, head"', '"MUST", "reads"'),
                         ('"bytes, head",', '"bytes, head"\\,'), ("UPHELD_ROW(\"R9112-2.2-1\"",
                                                                 "UPHELD_WOR(\"R9112-2.2-1\"")):
            with self.subTest(new):
                self.plant("clauses/rfc9112.def", old, new)
                with self.assertRaisesRegex(table.Malformed, r"core/clauses/rfc9112.def:\d+: exp"):
                    table.read(self.core)
                self.plant("clauses/rfc9112.def", new, old)

    def test_a_line_of_clauses_def_that_cannot_be_read(self):
        self.plant("clauses.def", 'UPHELD_CLAUSE(R9112_2_2_3, "', 'UPHELD_CLAUSE(R9112_2_2_3, 7, "')
        with self.assertRaisesRegex(table.Malformed, "core/clauses.def: expected"):
            table.read(self.core)

    def test_a_mention_of_an_unknown_clause(self):
        path = self.top / "fuzz" / "target.c"
        path.parent.mkdir()
        for mention in (UNKNOWN, "a " + table.as_name(UNKNOWN) + ":", "UPHELD_" +
                        table.as_name(UNKNOWN), "R9999-" + "1", "(X" + "-99)", "WS" + "-99"):
            with self.subTest(mention):
                path.write_text(f"first\n{mention}\n")
                self.one("fuzz/target.c:2: there is no clause", "add it")

    def test_a_mention_of_a_known_clause_or_section(self):
        path = self.top / "fuzz" / "target.c"
        path.parent.mkdir()
        path.write_text("R6455-4.2.1-5 R6455_4_2_1_5 UPHELD_R6455_4_2_1_5 R6455-4.2.1 R9110-5.6. "
                        "R6455-E3150 R4648_4_table_1 R7231-6.2.2-old X-1, WS-1 F-1 UTF-8 MAX-99\n")
        self.assertEqual([], table.problems(self.core))
        self.assertEqual(len(list(table.mentions(path))), 11)

    def test_the_document_shows_a_change(self):
        before = document.text(table.read(self.core), table.decided(self.core))
        self.plant("clauses.def", '"R9112-2.3-2", 505', '"R9112-2.3-2", 501')
        self.assertNotEqual(before, document.text(table.read(self.core), table.decided(self.core)))


if __name__ == "__main__":
    unittest.main()
