"""One night: what is asked for, what is done, and what came of it; goes on after a kill."""
import contextlib
import os
import signal
import time
from pathlib import Path

import compare
import facts
import figures
import history
import jobs
import layout
import lock
import share
import steps

RESUME_S = 24 * 3600
# What a night itself changes among the files that are checked in, and what is found along the way.
OWN = ("corpus/", "proofs/families.json")
NOT_OWN = "corpus/vectors/"
TOKEN = "UPHELD_NIGHT"
SLACK = 1.25  # a fixed job is given so much more than it took in an earlier night


class Refused(Exception):
    """The night cannot run; why, in one line."""


def tree_sha256(root):
    """Over all checked-in files but those that a night changes."""
    names = [name for name in layout.tracked(root)
             if not name.startswith(OWN) or name.startswith(NOT_OWN)]
    return figures.sha256_of(root, names)


def plants_of(root):
    return tuple(sorted(path.stem for path in root.glob("fuzz/plants/*.patch")))


def processes_of(token):
    """Processes that carry this night's token in their environment."""
    wanted, found = f"{TOKEN}={token}".encode(), []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if wanted in entry.read_bytes().split(b"\0"):
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]


def end_leftovers(token):
    """Ends what a killed night left running, which would write to the same files."""
    left = processes_of(token)
    if left:
        print(f"nightly: ending {len(left)} processes that the killed run left behind", flush=True)
    while left:
        steps.signal_all(left, signal.SIGKILL)
        time.sleep(0.1)
        left = [pid for pid in processes_of(token) if not is_gone(pid)]


def is_gone(pid):
    """A process that waits only for its parent to look at it runs no more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


class JobRunner(steps.Runner):
    """Says nothing of a job that may be cut, and was: that is told as what it is."""

    def __init__(self, job, *words):
        super().__init__(*words)
        self.job = job

    def is_cut(self, result):
        return self.job.goes_on and result.reason.startswith("stopped after")

    def finish(self, result):
        if self.is_cut(result):
            self.clear()
            self.results[result.name] = result
        else:
            super().finish(result)


class Night:
    """The state of a night, kept on disk after each step."""

    def __init__(self, root, hours, only, table=jobs.TABLE):
        self.root, self.hours, self.only = root, hours, list(only)
        self.table = [job for job in table if not only or job.name in only]
        self.folder = root / "build/history"
        self.logs = root / "build/nightly"
        self.cores = len(os.sched_getaffinity(0))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.earlier, self.notes, self.broken = history.nights(self.folder)
        self.state = None

    # What is kept on disk.

    def keep(self):
        history.write(self.folder / history.STATE, self.state)

    def identity(self):
        """What has to be the same for a night to go on."""
        return {"hours": self.hours, "only": self.only,
                "commit": facts.commit(self.root)["commit"],
                "tree_sha256": tree_sha256(self.root)}

    def begin(self):
        """Goes on with the night that was stopped, or begins one."""
        identity, now = self.identity(), time.time()
        old = self.left_behind()
        if old:
            end_leftovers(old["token"])
            same = all(old[key] == identity[key] for key in identity)
            if same and now - old["began"] < RESUME_S:
                self.go_on(old)
                return
            self.close(old, "of another commit, tree or budget" if not same else "a day old")
        name = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
        if (self.folder / f"{name}.json").exists():
            raise Refused(f"build/history/{name}.json is there already: the clock went back")
        versions = {row["tool"]: row["version"] for row in facts.versions()}
        self.state = {
            "schema": history.VERSION, "night": name, "began": now, "spent": 0.0, "jobs": [],
            "running": None, "token": f"{name}-{os.getpid()}", "day": int(now // jobs.DAY_S),
            "dirty": facts.commit(self.root)["dirty"], "machine": facts.machine(),
            "tools": versions, "core_sha256": figures.core_sha256(self.root), **identity}
        self.keep()

    def left_behind(self):
        """The state of a night that did not end, or None."""
        path = self.folder / history.STATE
        if not path.exists():
            return None
        try:
            return history.state(path)
        except history.Unusable as unusable:
            aside = path.with_name(path.name + ".broken")
            os.replace(path, aside)
            print(f"nightly: {unusable}; it is now {aside.name}, and the night begins anew")
            return None

    def go_on(self, old):
        """Keeps the jobs that were done; the time of the one that was not is lost."""
        self.state, running = old, old["running"]
        done = ", ".join(row["name"] for row in old["jobs"]) or "nothing"
        print(f"nightly: going on with {old['night']}: done: {done}"
              + (f"; {running['name']} starts again" if running else ""), flush=True)
        if running:
            log = self.logs / f"{running['name']}.log"
            ended = log.stat().st_mtime if log.exists() else running["began"]
            old["spent"] += max(0.0, ended - running["began"])
            old["running"] = None
        self.keep()

    def close(self, old, why):
        """A night that nobody goes on with joins the history as far as it came."""
        self.state = old
        print(f"nightly: {old['night']} was stopped and is {why}: kept as far as it came")
        self.end(complete=False)
        self.earlier, self.notes, self.broken = history.nights(self.folder)

    # What is to be done.

    def needs(self):
        """Job's name -> seconds without which it does not begin."""
        made = {}
        for job in self.table:
            took = next((row["seconds"] for night in self.earlier for row in night["jobs"]
                         if row["name"] == job.name and row["state"] == "passed"), 0)
            made[job.name] = share.STOP_S + (job.least if job.weight else min(
                max(job.least, int(SLACK * took)), job.most))
        return made

    def left(self):
        return self.hours * 3600 - self.state["spent"]

    def undone(self):
        done = {row["name"] for row in self.state["jobs"]}
        return [job for job in self.table if job.name not in done]

    def context(self):
        busy = max(1.0, os.getloadavg()[0] / self.cores)
        return jobs.Night(self.state["day"], self.cores, plants_of(self.root), busy)

    def tell_plan(self):
        needs = self.needs()
        fit, skipped = share.chosen(self.undone(), self.left(), needs)
        given = share.shares(fit, self.left(), needs)
        print(f"nightly: {self.state['night']}, {self.left():.0f} of {self.hours * 3600:.0f} s, "
              f"{self.cores} cores, commit {str(self.state['commit'])[:12]}"
              + (", with changes" if self.state["dirty"] else ""))
        for job in self.undone():
            if job.name in skipped:
                print(f"  {job.name:15}  no time        {skipped[job.name]}")
            else:
                words = job.command(self.context(), given[job.name] - share.STOP_S)
                command = " ".join(words[2:])
                print(f"  {job.name:15}  {given[job.name]:6} s  {'must' if job.must else 'may ':4}"
                      f"  make {command[:60]}{'...' if len(command) > 60 else ''}")
        print("", end="", flush=True)

    # What is done.

    def run(self):
        """Every job that there is time for; then the verdict."""
        self.tell_plan()
        for job in self.undone():
            rest = [one for one in self.undone() if one.name != job.name]
            needs = self.needs()
            fit, skipped = share.chosen([job, *rest], self.left(), needs)
            if job.name in skipped:
                self.skip(job, skipped[job.name])
                continue
            given = share.shares(fit, self.left(), needs)[job.name] - share.STOP_S
            most = share.limit(job, [one for one in fit if one is not job], self.left(), needs)
            self.do(job, given, most)
        return self.end(complete=True)

    def skip(self, job, reason):
        print(f"SKIPPED {job.name}: {reason}", flush=True)
        self.add(job, "skipped", 0, reason=reason)

    def add(self, job, state, given, reason="", result=None, read=None):
        self.state["running"] = None
        self.state["jobs"].append({
            "name": job.name, "must": job.must, "state": state, "share_s": given,
            "seconds": result.seconds if result else 0, "reason": reason,
            "passed": result.passed if result else 0, "failed": result.failed if result else 0,
            "command": result.command if result else "", "log": result.log if result else "",
            "figures": read or {}})
        self.state["spent"] += result.seconds if result else 0
        self.keep()

    def do(self, job, given, most):
        words = job.command(self.context(), given)
        self.state["running"] = {"name": job.name, "began": time.time()}
        self.keep()
        seen = figures.before(self.root, job.name)
        step = steps.Step(job.name, words, job.title, writes=job.writes, minutes=most / 60,
                          env=((TOKEN, self.state["token"]),))
        print(f"begin   {job.name}  {given} s, at most {most} s: {job.title}", flush=True)
        try:
            with self.alone(job):
                runner = JobRunner(job, [step], self.logs, self.root)
                result = runner.run()[0]
        except lock.Busy as busy:
            print(f"FAILED  {job.name}: {busy}", flush=True)
            self.add(job, "failed", given, str(busy))
            return
        if runner.is_cut(result):
            self.cut(job, given, result, figures.read_cut(self.root, job.name, words, seen,
                                                          result.log))
            return
        read, problems = {}, []
        if result.state != "skipped" and (not job.writes or result.wrote):
            read, problems = figures.read(self.root, job.name, words, seen)
        if problems and result.state == "passed":
            print(f"FAILED  {job.name}: {problems[0]}", flush=True)
        result.fail(problems)
        self.add(job, "passed" if result.state == "passed" else "failed", given, result.reason,
                 result, read)

    def cut(self, job, given, result, found):
        """A job that was ended by the clock, and lost little by that."""
        read, problems = found
        reason = f"ended after {result.seconds:.0f} s, which was its time"
        print(f"CUT     {job.name}: {reason}", flush=True)
        self.add(job, "failed" if problems else "cut", given, "; ".join([*problems[:3], reason]),
                 result, read)

    def alone(self, job):
        """No other verb of the plans at the same time."""
        return contextlib.nullcontext() if job.locks else lock.held(self.root / "build", "nightly")

    # What came of it.

    def record(self, complete):
        """The night as the schema has it, but for what it is compared with."""
        return {**{key: self.state[key] for key in history.KNOWN},
                "started": facts.utc(self.state["began"]), "ended": facts.utc(time.time()),
                "seconds": round(self.state["spent"], 1), "complete": complete,
                "verdict": "STOPPED", "since": {}, "changes": [], "causes": []}

    def causes(self, told):
        """(key, text) for each reason why the night is red."""
        for row in self.state["jobs"]:
            if row["state"] == "failed":
                log = f"; see {os.path.relpath(row['log'], self.root)}" if row["log"] else ""
                yield f"job:{row['name']}", f"{row['name']}: {row['reason'] or 'failed'}{log}"
            elif row["must"] and row["state"] in ("skipped", "cut"):
                yield f"must:{row['name']}", f"{row['name']} must run: {row['reason']}"
        yield from told.worse.items()
        for problem in self.broken:
            yield f"history:{problem.partition(':')[0]}", f"history: {problem}"
        if not any(row["state"] == "passed" for row in self.state["jobs"]):
            yield "nothing", "no job passed: nothing was shown"

    def end(self, complete):
        """Writes the night into the history, tells what came of it; the night."""
        made = self.record(complete)
        earlier = [night for night in self.earlier if night["night"] != made["night"]]
        made["since"], told = compare.compare(made, earlier)
        made["changes"] = told.changes
        before = {cause["key"] for cause in earlier[0]["causes"]} if earlier else set()
        if complete:
            made["causes"] = [{"key": key, "text": " ".join(text.split()), "before": key in before}
                              for key, text in self.causes(told)]
            made["verdict"] = "DOES NOT HOLD" if made["causes"] else "HOLDS"
        history.write(self.folder / f"{made['night']}.json", made)
        (self.folder / history.STATE).unlink(missing_ok=True)
        self.state = None
        return made
