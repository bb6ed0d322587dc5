"""The night: its plan, its history, what turns it red, and how it goes on after a kill."""
import contextlib
import importlib.util
import io
import json
import signal
import subprocess
import sys
import time
import unittest
from unittest import mock

import night_tree
from test_steps import wait_for
from tree import CI

import facts
import figures
import history
import jobs
import lock
import night as nights
import outside
import share

VERSIONS = [{"tool": name, "version": "1"} for name in ("gcc", "clang-19", "afl-fuzz")]


def load_main():
    """ci/nightly/__main__.py under a name of its own."""
    spec = importlib.util.spec_from_file_location("nightly", CI / "nightly/__main__.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NIGHTLY = load_main()


class Case(unittest.TestCase):
    def setUp(self):
        self.tree = night_tree.NightTree()
        self.addCleanup(self.tree.__exit__)
        self.clock = 1_790_000_000

    def night(self, hours=8.0, only=(), table=jobs.TABLE):
        """One night in this process: (exit status, what was printed). Each is a day later."""
        said = io.StringIO()
        self.clock += jobs.DAY_S
        with mock.patch.object(facts, "versions", lambda: VERSIONS), \
                mock.patch.object(nights.time, "time", lambda: self.clock), \
                contextlib.redirect_stdout(said):
            one = nights.Night(self.tree.root, hours, only, table)
            one.begin()
            status = NIGHTLY.tell(one.run(), one.notes)
        return status, said.getvalue()

    def command(self, *words):
        return [sys.executable, str(CI / "nightly"), "--root", str(self.tree.root), *words]

    def start(self, *words):
        return subprocess.Popen(self.command(*words), stdout=subprocess.PIPE, text=True,
                                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                env=self.tree.env())

    def run_command(self, *words):
        ran = subprocess.run(self.command(*words), capture_output=True, text=True, check=False,
                             stdin=subprocess.DEVNULL, env=self.tree.env(), timeout=120)
        return ran.returncode, ran.stdout + ran.stderr

    def red(self, said):
        return [line[8:] for line in said.splitlines() if line.startswith("RED")]


class First(Case):
    def test_all_runs_and_is_kept(self):
        status, said = self.night()
        self.assertEqual((status, self.red(said)), (0, []))
        kept, = self.tree.history()
        self.assertEqual([row["name"] for row in kept["jobs"]], list(jobs.NAMES))
        self.assertEqual({row["state"] for row in kept["jobs"]}, {"passed"})
        self.assertEqual((kept["verdict"], kept["complete"]), ("HOLDS", True))
        self.assertEqual(set(kept["since"].values()), {None})
        self.assertFalse((self.tree.root / "build/history/running.json").exists())

    def test_the_plan_comes_first_and_the_count_last(self):
        _, said = self.night()
        self.assertLess(said.index("must  make prove"), said.index("begin   build"))
        self.assertEqual(said.splitlines()[-1], f"{len(jobs.NAMES)} passed, 0 failed")

    def test_a_job_that_fails_is_red_and_the_rest_runs(self):
        self.tree.switch("coverage.fails")
        status, said = self.night()
        self.assertEqual(status, 1)
        self.assertEqual(len(self.red(said)), 1)
        self.assertRegex(said, r"RED +coverage: exit status 2.*see build/nightly/coverage.log")
        self.assertIn("audit", self.tree.ran())

    def test_a_job_that_leaves_no_result_is_red(self):
        self.tree.sample("coverage", None)
        self.assertEqual(self.night()[0], 1)

    def test_a_result_that_does_not_hold_is_red_whatever_the_exit_status(self):
        self.tree.sample("proofs", night_tree.proofs(proved=3))
        status, said = self.night()
        self.assertEqual(status, 1)
        self.assertRegex(said, r"RED +prove: .* goals open")

    def test_a_result_of_another_shape_is_red(self):
        for value in ([], {"rows": [{}]}, {"rows": None}):
            self.tree.sample("stable", value)
            status, said = self.night(only=("stable",))
            self.assertEqual(status, 1)
            self.assertRegex(said, r"RED +stable: ")

    def test_a_file_that_was_not_measured_is_red_but_for_one_without_code(self):
        self.tree.write("core/empty.c", '/* All stands in the header. */\n#include "list.h"\n')
        self.assertEqual(self.night(only=("coverage",))[0], 0)
        self.tree.write("core/other.c", "int other;\n")
        status, said = self.night(only=("coverage",))
        self.assertEqual(status, 1)
        self.assertRegex(said, r"RED +coverage: core/other.c was not measured")

    def test_a_crash_is_new_in_the_first_night(self):
        self.tree.sample("fuzz", night_tree.fuzz(crashes=["build/fuzz/list/crashes/crash-1"]))
        status, said = self.night()
        self.assertEqual(status, 1)
        self.assertRegex(said, r"RED +fuzz: new crash.*make repro FILE=build/fuzz/list/")

    def test_only_some_says_so(self):
        status, said = self.night(only=("coverage",))
        self.assertEqual((status, self.tree.ran()), (0, ["coverage"]))
        self.assertIn("HOLDS, of the jobs coverage alone", said)


class Second(Case):
    """One thing gets worse from one night to the next."""

    def worse(self, name, value, cause, only, fails=True):
        self.assertEqual(self.night(only=only)[0], 0)
        self.tree.sample(name, value)
        status, said = self.night(only=only)
        self.assertEqual(status, 1 if fails else 0, said)
        found = self.red(said) if fails else said.splitlines()
        self.assertTrue(any(cause in line for line in found), said)
        return said

    def test_nothing_changed_is_green(self):
        self.night()
        status, said = self.night()
        self.assertEqual((status, self.red(said)), (0, []))
        first, second = self.tree.history()
        self.assertIsNone(second["since"].pop("stable"))  # of another kind each night
        self.assertEqual(set(second["since"].values()), {first["night"]})

    def test_fewer_goals_of_the_same_core(self):
        proofs = night_tree.proofs()
        proofs["functions"].pop()
        proofs["goals"] = proofs["proved"] = proofs["goals"] - 61
        self.worse("proofs", proofs, "goals of the same core", ("prove",))

    def test_fewer_goals_of_another_core_are_told_and_green(self):
        self.night(only=("prove",))
        self.tree.write("core/list.c", "int other;\n")
        proofs = night_tree.proofs()
        proofs["functions"].pop()
        proofs["goals"] = proofs["proved"] = proofs["goals"] - 61
        self.tree.sample("proofs", proofs)
        status, said = self.night(only=("prove",))
        self.assertEqual(status, 0)
        self.assertRegex(said, r"change +prove: goals \d+ -> \d+")

    def test_a_claim_less(self):
        self.worse("proofs", night_tree.proofs(claims=1), "1 claims hold, 2 before", ("prove",))

    def test_a_goal_that_got_slow(self):
        self.worse("proofs", night_tree.proofs(slowest=6.1), "took 6.1 s", ("prove",))

    def test_coverage_falls(self):
        for kind, word in (("lines", "lines"), ("branches", "branches"), ("mcdc", "MC/DC")):
            value = night_tree.tree.coverage()
            self.tree.sample("coverage", value)
            value[kind]["covered"] -= 1
            with self.subTest(kind):
                self.worse("coverage", value, f"coverage: {word}", ("coverage",))

    def test_slower_than_the_peer(self):
        rows, targets = night_tree.bench(ratio=0.55)
        self.worse("bench-targets", targets, "speed: upheld on mix to other 0.45 -> 0.55",
                   ("bench",))
        self.assertIn("upheld on mix to other misses its target, which it reached before",
                      self.tree.history()[-1]["changes"][-1])

    def test_a_little_slower_is_told_and_green(self):
        rows, targets = night_tree.bench(ratio=0.48)
        self.worse("bench-targets", targets, "0.45 -> 0.48", ("bench",), fails=False)

    def test_more_instructions(self):
        rows, _ = night_tree.bench(instructions=2100.0)
        self.worse("bench", rows, "2000.0 -> 2100.0 instructions", ("bench",))

    def test_speed_of_another_machine_is_not_compared(self):
        with mock.patch.object(facts, "machine", lambda: {"cpu": "other", "cores": 2}):
            self.night(only=("bench",))
        self.tree.sample("bench-targets", night_tree.bench(ratio=0.9)[1])
        status, said = self.night(only=("bench",))
        self.assertEqual(status, 0)
        self.assertIn("bench: no earlier night that can be compared", said)

    def test_fewer_edges_of_the_same_core(self):
        self.worse("fuzz", night_tree.fuzz(edges=90), "90 edges of the same core", ("fuzz",))

    def test_a_crash_is_new_once(self):
        crash = night_tree.fuzz(crashes=["build/fuzz/list/crashes/crash-1"])
        self.worse("fuzz", crash, "new crash", ("fuzz",))
        status, said = self.night(only=("fuzz",))
        self.assertEqual(status, 1)
        self.assertNotIn("new crash", said)
        self.assertIn("(as the night before)", said)

    def test_a_corpus_that_grows_is_told(self):
        self.night(only=("corpus",))
        self.tree.switch("corpus.grows")
        status, said = self.night(only=("corpus",))
        self.assertEqual(status, 0)
        self.assertIn("corpus: files", said)
        self.assertEqual(self.tree.history()[-1]["jobs"][0]["figures"]["new"], {"list": 1})

    def test_a_corpus_that_shrinks(self):
        self.night(only=("corpus",))
        (self.tree.root / "corpus/list/seed").unlink()
        status, said = self.night(only=("corpus",))
        self.assertEqual((status, self.red(said)), (1, [
            "corpus: list: 0 files, and a night before began with 1"]))

    def test_growth_that_was_not_kept_is_green(self):
        self.tree.switch("corpus.grows")
        self.night(only=("corpus",))
        (self.tree.root / "corpus/list/more").unlink()
        (self.tree.root / "build/switch/corpus.grows").unlink()
        status, said = self.night(only=("corpus",))
        self.assertEqual((status, self.red(said)), (0, []))
        self.assertIn("corpus: files 10 -> 9", said)

    def test_a_merge_that_takes_files_away(self):
        self.tree.switch("corpus.shrinks")
        status, said = self.night(only=("corpus",))
        self.assertEqual(status, 1)
        self.assertIn("fewer than before the merge", said)

    def test_a_mutant_that_was_killed_lives(self):
        self.worse("mutants", night_tree.mutants("survivor"),
                   "core/list.c:f:drop:1 was killed and is survivor", ("mutants",))

    def test_a_plant_is_no_longer_found(self):
        self.worse("plants", night_tree.plants(found=False), "no longer found by libFuzzer",
                   ("plants",))

    def test_a_plant_is_no_longer_found_by_the_proof(self):
        self.tree.sample("plants", night_tree.plants(proof={"found": True, "seconds": 4}))
        self.worse("plants", night_tree.plants(proof={"found": False, "seconds": 4}),
                   "no longer found by the proof", ("plants",))

    def test_a_night_that_does_not_ask_the_proof_says_nothing_of_it(self):
        self.tree.sample("plants", night_tree.plants(proof={"found": True, "seconds": 4}))
        self.night(only=("plants",))
        self.tree.sample("plants", night_tree.plants(eacsl={"no_leg": True, "found": False}))
        status, said = self.night(only=("plants",))
        self.assertEqual((status, self.red(said)), (0, []))

    def test_fewer_goals_by_both_families(self):
        self.worse("families", {"files": {"core/list.c": {"both": 8, "goals": 10}}},
                   "8 of 10 goals by both", ("families",))

    def test_a_file_is_no_longer_measured(self):
        self.worse("families", {"files": {}}, "no longer measured", ("families",))

    def test_a_night_without_the_figures_is_passed_over(self):
        self.night(only=("coverage",))
        self.night(only=("prove",))
        value = night_tree.tree.coverage()
        value["lines"]["covered"] -= 1
        self.tree.sample("coverage", value)
        self.assertEqual(self.night(only=("coverage",))[0], 1)
        first, _, last = self.tree.history()
        self.assertEqual(last["since"], {"coverage": first["night"]})


    def test_rows_of_an_earlier_run_are_not_this_one_s(self):
        self.tree.switch("fuzz-all.same")
        self.night(only=("fuzz",))
        rows = night_tree.fuzz()
        rows[0]["execs"] += 1
        self.tree.sample("fuzz", rows)
        status, said = self.night(only=("fuzz",))
        self.assertEqual(status, 1)
        self.assertRegex(said, r"RED +fuzz: .* did not run")
        self.assertEqual(len(self.tree.history()[-1]["jobs"][0]["figures"]["rows"]), 1)


class Time(Case):
    def test_no_time_is_said_kept_and_red_for_what_must_run(self):
        status, said = self.night(hours=0.02, only=("build", "coverage", "mutants"))
        self.assertEqual((status, self.tree.ran()), (1, ["build", "build"]))
        self.assertRegex(said, r"(?m)^SKIPPED coverage: needs 100 s, and")
        self.assertRegex(said, r"(?m)^SKIPPED mutants: needs 610 s, and")
        red, = self.red(said)
        self.assertTrue(red.startswith("coverage must run: needs 100 s"), red)
        states = {row["name"]: row["state"] for row in self.tree.history()[0]["jobs"]}
        self.assertEqual(states, {"build": "passed", "coverage": "skipped", "mutants": "skipped"})

    def test_what_may_run_and_did_not_is_green(self):
        status, said = self.night(hours=0.02, only=("build", "mutants"))
        self.assertEqual((status, self.red(said)), (0, []))

    def test_nothing_ran_is_red(self):
        status, said = self.night(hours=0.02, only=("mutants",))
        self.assertEqual(status, 1)
        self.assertIn("nothing was shown", said)

    def test_a_job_past_its_limit_is_red_but_for_one_that_goes_on(self):
        for goes_on, word in ((False, "FAILED"), (True, "CUT")):
            with self.subTest(word):
                self.tree.switch("families.sleeps")
                job = jobs.Job("families", "slow", jobs.fixed("families"), 1, 1, must=False,
                               goes_on=goes_on)
                also = jobs.Job("build", "quick", jobs.fixed("build/upheld"), 1, 9)
                status, said = self.night(table=(also, job))
                self.assertEqual(status, 0 if goes_on else 1)
                told = [line for line in said.splitlines() if line.startswith(("FAILED", "CUT"))]
                self.assertEqual(len(told), 1)
                self.assertRegex(told[0], rf"^{word} +families")

    def test_a_job_past_its_limit_takes_nothing_from_the_next(self):
        self.tree.switch("fuzz-all.sleeps")
        slow = jobs.Job("fuzz", "slow", jobs.fixed("fuzz-all"), 1, 99)
        quick = jobs.Job("build", "quick", jobs.fixed("build/upheld"), 5, 9)
        _, said = self.night(hours=27 / 3600, table=(slow, quick))
        self.assertRegex(said, r"begin +fuzz +1 s, at most 2 s")
        self.assertRegex(said, r"(?m)^ok +build")

    def test_mutants_that_were_cut_keep_what_they_said(self):
        table = (jobs.Job("mutants", "slow", jobs.mutants, 1, 1, must=False, goes_on=True),
                 jobs.Job("build", "quick", jobs.fixed("build/upheld"), 1, 9))
        self.tree.switch("mutants.sleeps")
        for kind, status in (("killed", 0), ("survivor", 1), ("hole", 1)):
            self.tree.switch("mutants.says", f"1 of 9 {kind:8} core/a.c:f:drop:1 (line 7): `a`\n")
            with self.subTest(kind):
                got, said = self.night(table=table)
                self.assertEqual(got, status, said)
                self.assertEqual(self.tree.history()[-1]["jobs"][0]["figures"],
                                 {"mutants": {"core/a.c:f:drop:1": kind}})
        self.assertIn("core/a.c:f:drop:1: every goal is proved, yet it differs", said)

    def test_every_job_is_a_verb_that_takes_its_words(self):
        root = CI.parent
        known = outside.verbs(root)
        text = "".join(path.read_text() for path in root.glob("*/*.mk"))
        for job in jobs.TABLE:
            for word in job.words(jobs.Night(3, 2, ("a-plant",)), 900):
                name, given, value = word.partition("=")
                with self.subTest(word):
                    self.assertTrue(f"$({name})" in text and value if given else
                                    word in known or word.startswith("build/"))

    def test_what_mutate_tells_of_a_mutant_is_read(self):
        script = ("import sys; sys.path.insert(0, 'proofs'); import mutate\n"
                  "row = {'class': 'hole', 'name': 'core/a.c:f:drop:1', 'line': 7, 'old': 'a',\n"
                  "       'new': 'b', 'proof': None, 'beside': {'difference': 'x'}, 'seconds': 1}\n"
                  "mutate.tell(3, 40, row)\n")
        told = subprocess.run([sys.executable, "-B", "-c", script], cwd=CI.parent, text=True,
                              capture_output=True, check=True).stdout
        log = self.tree.write("build/told", told)
        self.assertEqual(figures.cut_mutants(log.read_text())[0],
                         {"mutants": {"core/a.c:f:drop:1": "hole"}})

    def test_shares_use_the_budget_and_never_more(self):
        needs = {job.name: job.least + share.STOP_S for job in jobs.TABLE}
        for hours in (1.5, 3, 8, 24):
            fit, skipped = share.chosen(jobs.TABLE, hours * 3600, needs)
            given = share.shares(fit, hours * 3600, needs)
            self.assertLessEqual(sum(given.values()), hours * 3600)
            self.assertEqual(len(fit) + len(skipped), len(jobs.TABLE))
            for job in fit:
                self.assertGreaterEqual(given[job.name], job.least)
                self.assertLessEqual(given[job.name], job.most + share.STOP_S)
            self.assertFalse([name for name in skipped if
                              next(j for j in jobs.TABLE if j.name == name).must])

    def test_a_fixed_job_needs_what_it_took_before(self):
        self.night(only=("coverage",))
        kept = self.tree.history()[0]
        kept["jobs"][0]["seconds"] = 400
        history.write(self.tree.root / f"build/history/{kept['night']}.json", kept)
        _, said = self.night(hours=0.1, only=("coverage",))
        self.assertRegex(said, r"SKIPPED coverage: needs 510 s, and 360 s")

    def test_one_kind_of_stable_a_night_and_other_plants(self):
        kinds = {jobs.stable(jobs.Night(day, 2), 9)[1] for day in range(6)}
        self.assertEqual(len(kinds), len(jobs.STABLE))
        names = tuple("abcdefg")
        seen = {name for day in range(4) for name in
                jobs.sample_of_plants(jobs.Night(day, 2, names), 2)}
        self.assertEqual(seen, set(names))


class History(Case):
    def break_first(self, text):
        self.night(only=("coverage",))
        path, = (self.tree.root / "build/history").glob("2*.json")
        path.write_text(text(json.loads(path.read_text())))
        return path, self.night(only=("coverage",))

    def test_a_broken_night_is_red_named_and_left_alone(self):
        for text in (lambda _: "{", lambda _: "[]", lambda kept: json.dumps(
                {**kept, "jobs": [{"name": 1}]}), lambda kept: json.dumps(
                    {**kept, "night": "20200101T000000Z"})):
            path, (status, said) = self.break_first(text)
            self.assertEqual(status, 1)
            self.assertIn(f"RED     history: {path}", said)
            self.assertTrue(path.exists())
            for kept in (self.tree.root / "build/history").glob("2*.json"):
                kept.unlink()

    def test_another_schema_is_told_and_not_compared_with(self):
        _, (status, said) = self.break_first(lambda kept: json.dumps({**kept, "schema": 99}))
        self.assertEqual(status, 0)
        self.assertRegex(said, r"note .*schema 99, and this is of 1: not compared with")
        self.assertIn("coverage: no earlier night", said)

    def test_figures_of_another_shape_are_red(self):
        def spoil(kept):
            kept["jobs"][0]["figures"] = {"lines": "many"}
            return json.dumps(kept)
        _, (status, said) = self.break_first(spoil)
        self.assertEqual(status, 1)
        self.assertRegex(said, "RED +history: figures of coverage")

    def test_a_full_disk_leaves_the_history_as_it_was(self):
        self.night(only=("coverage",))
        before = self.tree.history()
        (self.tree.root / "build/history/running.json.new").symlink_to("/dev/full")
        status, said = self.run_command("--only", "coverage")
        self.assertEqual(status, 2, said)
        self.assertRegex(said, r"nightly: .*No space left on device; the history is as it was")
        self.assertEqual(self.tree.history(), before)
        self.assertEqual(len(list((self.tree.root / "build/history").glob("*.json*"))), 1)

    def test_a_disk_that_is_full_at_the_end_loses_no_job(self):
        name = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self.clock + jobs.DAY_S))
        folder = self.tree.root / "build/history"
        folder.mkdir(parents=True)
        (folder / f"{name}.json.new").symlink_to("/dev/full")
        with self.assertRaises(OSError):
            self.night(only=("coverage",))
        self.assertEqual(self.tree.history(), [])
        self.clock -= jobs.DAY_S
        status, said = self.night(only=("coverage",))
        self.assertEqual((status, self.tree.ran()), (0, ["coverage"]))
        self.assertIn("done: coverage", said)
        self.assertEqual(len(self.tree.history()), 1)

    def test_a_night_is_what_the_schema_says(self):
        self.night()
        path, = (self.tree.root / "build/history").glob("2*.json")
        self.assertEqual(history.night(path)["schema"], history.VERSION)
        kept = json.loads(path.read_text())
        for key in kept:
            path.write_text(json.dumps({name: kept[name] for name in kept if name != key}))
            with self.assertRaises(history.Unusable):
                history.night(path)


class Stopped(Case):
    WORDS = ("--only", "build,fuzz,coverage")

    def until_fuzz(self):
        self.tree.switch("fuzz-all.sleeps")
        process = self.start(*self.WORDS)
        self.addCleanup(process.stdout.close)
        wait_for(lambda: (self.tree.state()["running"] or {}).get("name") == "fuzz"
                 and "fuzz-all" in self.tree.ran())
        return process

    def go_on(self):
        (self.tree.root / "build/switch/fuzz-all.sleeps").unlink()
        status, said = self.run_command(*self.WORDS)
        self.assertEqual(status, 0, said)
        self.assertRegex(said, r"going on with .*: done: build; fuzz starts again")
        kept, = self.tree.history()
        self.assertEqual([row["name"] for row in kept["jobs"]], ["build", "fuzz", "coverage"])
        self.assertEqual(self.tree.ran(), ["build", "build", "fuzz-all", "fuzz-all", "coverage"])
        return said

    def test_kill_9_and_on(self):
        process = self.until_fuzz()
        token = self.tree.state()["token"]
        process.kill()
        process.wait()
        self.assertTrue(nights.processes_of(token), "nothing was left behind to be ended")
        said = self.go_on()
        self.assertIn("that the killed run left behind", said)
        self.assertEqual([pid for pid in nights.processes_of(token) if not nights.is_gone(pid)], [])

    def test_ctrl_c_and_on(self):
        process = self.until_fuzz()
        token = self.tree.state()["token"]
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130)
        self.assertIn("the same command goes on", said)
        self.assertEqual(nights.processes_of(token), [])
        self.assertEqual(self.tree.history(), [])
        self.go_on()

    def test_another_tree_begins_anew_and_keeps_what_was_done(self):
        process = self.until_fuzz()
        process.kill()
        process.wait()
        (self.tree.root / "build/switch/fuzz-all.sleeps").unlink()
        self.tree.write("core/list.c", "int other;\n")
        time.sleep(1)  # a night is named after its second
        status, said = self.run_command(*self.WORDS)
        self.assertEqual(status, 0, said)
        self.assertIn("of another commit, tree or budget", said)
        first, second = self.tree.history()
        self.assertEqual((first["verdict"], first["complete"]), ("STOPPED", False))
        self.assertEqual([row["name"] for row in first["jobs"]], ["build"])
        self.assertEqual(second["verdict"], "HOLDS")

    def test_a_broken_state_is_put_aside(self):
        for text in ("{", '{"schema": 1}', "[]"):
            self.tree.write("build/history/running.json", text)
            status, said = self.night(only=("build",))
            self.assertEqual(status, 0)
            self.assertIn("running.json.broken", said)

    def test_two_at_once_are_refused(self):
        with lock.held(self.tree.root / "build/history", "nightly"):
            status, said = self.run_command("--only", "build")
        self.assertEqual(status, 2)
        self.assertIn("`make nightly` is running", said)
        self.assertEqual(self.tree.ran(), [])

    def test_a_verb_of_the_plans_at_the_same_time_is_told(self):
        with lock.held(self.tree.root / "build", "test"):
            status, said = self.night(only=("build",))
        self.assertEqual(status, 1)
        self.assertRegex(said, r"RED +build: `make test` is running")

    def test_bad_words_are_one_line_and_exit_2(self):
        for words in (("--hours", "0"), ("--hours", "many"), ("--hours", "nan"),
                      ("--only", "fuzz,tea")):
            status, said = self.run_command(*words)
            self.assertEqual((status, len(said.splitlines())), (2, 1), said)


if __name__ == "__main__":
    unittest.main()
