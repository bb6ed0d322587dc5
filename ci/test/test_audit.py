"""The audit: what turns it red, and that an interrupted one leaves the last report."""
import json
import signal
import time
import unittest
from html.parser import HTMLParser

import tree


class Red(unittest.TestCase):
    """Each test breaks one thing of a tree that holds, and expects it named in red."""

    def setUp(self):
        self.tree = tree.Tree()
        self.addCleanup(self.tree.__exit__)

    def audit(self):
        return self.tree.run("audit.py", "--time", "1")

    def expect_red(self, step, words):
        ran = self.audit()
        self.assertEqual(ran.returncode, 1, ran.stdout + ran.stderr)
        self.assertRegex(ran.stdout.splitlines()[-1], rf"^DOES NOT HOLD: .*\b{step}\b")
        report = self.tree.report()
        self.assertEqual(report["verdict"], "DOES NOT HOLD")
        self.assertIn(step, [row["step"] for row in report["failing"]])
        page = self.tree.page()
        self.assertIn("<h1>DOES NOT HOLD</h1>", page)
        self.assertIn(f'<tr id="step-{step}" class="bad">', page)
        self.assertRegex(page, words)

    def change(self, name, change):
        value = getattr(tree, name)()
        change(value)
        self.tree.sample(name, value)

    def test_a_tree_that_holds(self):
        ran = self.audit()
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        self.assertEqual(ran.stdout.splitlines()[-1], "HOLDS")
        report, page = self.tree.report(), self.tree.page()
        self.assertEqual((report["verdict"], report["failing"]), ("HOLDS", []))
        self.assertEqual(report["proof"], tree.proofs())
        self.assertEqual(report["fuzz"], tree.fuzz())
        self.assertEqual(report["coverage"], tree.coverage())
        accepted = [row["accept"] for row in report["clients"]]
        self.assertEqual(accepted, [tree.ACCEPT] * len(tree.CLIENTS))
        self.assertEqual(page.count("<svg"), 3)
        self.assertNotIn("did not run", page)

    def test_a_failing_step(self):
        self.tree.write("ci/replay.fails", "")
        self.expect_red("replay", "exit status 2")

    def test_a_step_that_does_not_exist(self):
        path = self.tree.root / "Makefile"
        path.write_text(path.read_text().replace("spec replay", "replay"))
        self.expect_red("spec", "did not run")

    def test_no_fuzz_result(self):
        self.tree.sample("fuzz", None)
        self.expect_red("fuzz", "build/fuzz.json was not written by this run")
        self.assertIsNone(self.tree.report()["fuzz"])

    def test_a_result_of_an_earlier_run_is_not_shown(self):
        self.assertEqual(self.audit().returncode, 0)
        self.tree.sample("proofs", None)
        self.assertTrue((self.tree.root / "build/proofs.json").is_file())
        self.expect_red("prove", "build/proofs.json was not written by this run")
        self.assertIsNone(self.tree.report()["proof"])
        self.assertNotIn("uph_list_has", self.tree.page())

    def test_an_open_goal(self):
        self.change("proofs", lambda value: value["functions"][1].update(proved=117))
        self.expect_red("prove", "uph_list_has: 1 of 118 goals open")

    def test_a_claim_that_does_not_hold(self):
        self.change("proofs", lambda value: value["claims"][0].update(holds=False))
        self.expect_red("prove", "claim safe does not hold")

    def test_an_axiom(self):
        self.change("proofs", lambda value: value["axioms"].append({"name": "a", "reason": "b"}))
        self.expect_red("prove", "axioms in ACSL: 1")

    def test_a_failed_smoke_test(self):
        self.change("proofs", lambda value: value.update(smoke_failed=2))
        self.expect_red("prove", "smoke tests failed: 2")

    def test_a_gate_that_does_not_hold(self):
        self.tree.write("ci/gates.prints", tree.GATES.replace("G5   PASS", "G5   FAIL"))
        self.expect_red("gates", "G5 does not hold: no axiom, no admit")

    def test_gates_that_no_fault_was_planted_for(self):
        self.tree.write("ci/gates.prints", "G0   PASS  no goal is open\n")
        self.expect_red("gates", "no fault was planted")

    def test_a_gate_that_the_proof_judged_red(self):
        self.change("proofs", lambda value: value["gates"][0].update(holds=False))
        self.expect_red("prove", "gate G0 does not hold: no goal is open")

    def test_families_that_were_not_measured(self):
        self.change("proofs", lambda value: value.update(two_families=None, one_family=None))
        self.assertEqual(self.audit().returncode, 0)
        self.assertIn("a solver: 271", self.tree.page())

    def test_no_gate(self):
        self.tree.write("ci/gates.prints", "all fine\n")
        self.expect_red("gates", "no gate reported in this run")

    def test_a_crash(self):
        self.change("fuzz", lambda rows: rows[2]["crashes"].append("crash-<b>1"))
        self.expect_red("fuzz", "crash-&lt;b&gt;1")

    def test_a_target_that_did_not_run_under_afl(self):
        self.change("fuzz", lambda rows: rows.pop(1))
        self.expect_red("fuzz", "accept did not run under afl")

    def test_a_target_that_ran_nothing(self):
        self.change("fuzz", lambda rows: rows[0].update(execs=0))
        self.expect_red("fuzz", "accept, libfuzzer, openssl: ran 0 inputs")

    def test_a_run_that_ended_early(self):
        self.change("fuzz", lambda rows: rows[0].update(seconds=0.5))
        self.expect_red("fuzz", "accept, libfuzzer, openssl: ran 0.5 of 1 seconds")

    def test_rows_of_an_earlier_run_are_not_added_to(self):
        """fuzz-all adds its rows to those that it finds."""
        self.assertEqual(self.audit().returncode, 0)
        path = self.tree.root / "Makefile"
        path.write_text(path.read_text().replace(
            "|| cp ci/sample/fuzz.json build/fuzz.json",
            "|| test -e build/fuzz.json || echo '[]' > build/fuzz.json"))
        self.expect_red("fuzz", "accept did not run under libfuzzer")
        self.assertEqual(self.tree.report()["fuzz"], [])

    def test_no_leg_with_contracts_checked(self):
        self.change("fuzz", lambda rows: rows.pop(4))
        self.expect_red("fuzz", "no target ran on leg eacsl")

    def test_a_result_without_a_key(self):
        self.change("proofs", lambda value: value.pop("admits"))
        self.expect_red("prove", "proofs.json: lacks &#34;admits&#34;")

    def test_a_result_that_is_no_json(self):
        self.tree.write("ci/sample/coverage.json", "{")
        self.expect_red("coverage", "coverage.json: no JSON")

    def test_a_file_of_the_core_that_was_not_measured(self):
        self.tree.write("core/new.c", "int new;\n")
        self.expect_red("coverage", "core/new.c was not measured")

    def test_a_client_with_another_accept_value(self):
        path = self.tree.root / "ci/upheld.sh"
        path.write_text(path.read_text().replace("accept=s3p", "accept=S3p"))
        self.expect_red("clients", "accept is S3pPLMBiTxaQ9kYGzzhZRbK\\+xOo=, expected s3p")

    def test_a_client_that_is_refused(self):
        path = self.tree.root / "ci/upheld.sh"
        path.write_text(path.read_text().replace('"SWITCH", "status": 101',
                                                 '"REFUSE", "status": 400'))
        self.expect_red("clients", "got REFUSE 400, expected SWITCH 101")

    def test_a_recording_that_was_changed(self):
        path = self.tree.root / "corpus/request/client-curl.http"
        path.write_bytes(path.read_bytes() + b" ")
        self.expect_red("clients", "client-curl.http: differs from the SHA-256")

    def test_a_recording_that_is_missing(self):
        (self.tree.root / "corpus/request/client-chromium.http").unlink()
        self.expect_red("clients", "no recording of chromium")

    def test_a_command_that_was_not_built(self):
        self.tree.write("ci/build.fails", "")
        self.expect_red("clients", "needs build, which did not pass")

    def test_a_tree_that_changed_meanwhile(self):
        path = self.tree.root / "Makefile"
        rule = "unit spec replay gates:\n"
        path.write_text(path.read_text().replace(rule, rule + "\t@date >> core/x.md\n"))
        self.expect_red("tree", "files of the tree changed")


class Interrupted(unittest.TestCase):
    """Ctrl-C leaves the last full report and the corpus."""

    def interrupt(self, number):
        with tree.Tree() as small:
            first = small.run("audit.py", "--time", "1")
            self.assertEqual(first.returncode, 0, first.stdout + first.stderr)
            before = kept(small.root)
            small.write("ci/fuzz-all.sleeps", "")
            running = small.start("audit.py", "--time", "1")
            wait_for_line(running, "gates")
            time.sleep(0.5)
            running.send_signal(number)
            said = running.communicate(timeout=20)[0]
            self.assertEqual(running.returncode, 130, said)
            self.assertIn("build/audit/ holds the last full report", said)
            self.assertEqual(before, kept(small.root))
            self.assertFalse((small.root / "build/audit.new").exists())

    def test_by_the_keyboard(self):
        self.interrupt(signal.SIGINT)

    def test_by_a_terminate_signal(self):
        self.interrupt(signal.SIGTERM)

    def test_a_kill_between_the_two_renames_is_put_right(self):
        with tree.Tree() as small:
            first = small.run("audit.py", "--time", "1")
            self.assertEqual(first.returncode, 0, first.stdout + first.stderr)
            shown = small.root / "build/audit"
            before = snapshot(shown)
            shown.rename(small.root / "build/audit.old")
            small.write("ci/fuzz-all.sleeps", "")
            running = small.start("audit.py", "--time", "1")
            wait_for_line(running, "gates")
            running.send_signal(signal.SIGINT)
            running.communicate(timeout=20)
            self.assertEqual(snapshot(shown), before)


class Arguments(unittest.TestCase):
    def test_bad_ones_are_one_line_and_exit_2(self):
        with tree.Tree() as small:
            for bad in (("--time", "x"), ("--time", "0"), ("--time", ""), ("--nonsense",)):
                ran = small.run("audit.py", *bad)
                self.assertEqual((ran.returncode, ran.stdout), (2, ""), bad)
                self.assertEqual(len(ran.stderr.splitlines()), 1, ran.stderr)
            self.assertFalse((small.root / "build").exists())


class Page(HTMLParser):
    """Collects what a page would load, its ids, and whether its elements close."""

    VOID = {"meta", "br", "link", "img", "input", "hr"}

    def __init__(self):
        super().__init__()
        self.loads, self.ids, self.open, self.hrefs, self.wrong = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag in ("script", "link", "img", "iframe") or "src" in values:
            self.loads.append(tag)
        self.ids += [values["id"]] if "id" in values else []
        self.hrefs += [values["href"]] if tag == "a" else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag == "p" and self.open[-1] != "p":
            return
        if self.open.pop() != tag:
            self.wrong.append((tag, self.getpos()))


class Written(unittest.TestCase):
    """The page stands alone, and is the figures that audit.json holds."""

    def setUp(self):
        self.tree = tree.Tree()
        self.addCleanup(self.tree.__exit__)
        self.tree.run("audit.py", "--time", "1")
        self.page = Page()
        self.page.feed(self.tree.page())

    def test_it_loads_nothing_and_is_well_formed(self):
        self.assertEqual(self.page.loads, [])
        self.assertEqual((self.page.wrong, self.page.open), ([], []))
        self.assertEqual(len(self.page.ids), len(set(self.page.ids)))
        self.assertNotIn("@import", self.tree.page())

    def test_every_link_leads_somewhere(self):
        for href in self.page.hrefs:
            if href.startswith("#"):
                self.assertIn(href[1:], self.page.ids)
            else:
                self.assertTrue((self.tree.root / "build/audit" / href).is_file(), href)

    def test_it_says_no_path_of_this_machine(self):
        self.assertNotIn(str(self.tree.root), self.tree.page())
        self.assertNotIn(str(self.tree.root), json.dumps(self.tree.report()))

    def test_text_and_figures_agree(self):
        text = (self.tree.root / "build/audit/audit.md").read_text(encoding="utf-8")
        self.assertIn("Goals proved: 672 of 672", text)
        self.assertIn("| list | libfuzzer | eacsl | 60 | 30211 |", text)


def kept(root):
    """What an interruption must leave alone: the report, the corpus, a result it did not renew."""
    return (snapshot(root / "build/audit"), snapshot(root / "corpus"),
            (root / "build/fuzz.json").read_bytes())


def snapshot(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def wait_for_line(process, word):
    for line in process.stdout:
        if word in line:
            return
    raise AssertionError(f"ended before {word}")


if __name__ == "__main__":
    unittest.main()
