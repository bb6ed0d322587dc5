"""Runs named steps, at most as many at a time as there are cores to give, and counts what passed.

Each step is a command with a log of its own. A step that prints `N passed, N failed` counts for
so many (its last such line is its total), any other counts for one. A step that cannot run is
SKIPPED with the reason, and a skipped step is a failed one. Nothing here knows what the steps do.
"""
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

COUNTS = re.compile(r"^(?:[\w -]+: )?(\d+) passed, (\d+) failed\.?\s*$", re.M)
SKIPPED = re.compile(r"^SKIPPED\b[: ]*(.*)$", re.M)
FAILURE = re.compile(r"^(?:FAILED|SKIPPED|FAIL|ERROR)\b")
NO_RULE = re.compile(r"No rule to make target '([^']+)'")
GRACE_SECONDS = 5
HEARTBEAT_SECONDS = 60


@dataclass(frozen=True)
class Step:
    """What to run. `after` names steps that must have passed, `needs` programs on PATH,
    `writes` the JSON file that the step must have written anew, `cores` how many it keeps busy."""
    name: str
    command: tuple
    title: str = ""
    after: tuple = ()
    needs: tuple = ()
    writes: str = ""
    cores: int = 1
    minutes: int = 20
    show: bool = False
    env: tuple = ()


@dataclass
class Result:
    """What came of a step. `state` is passed, failed or skipped; `wrote`: `writes` is new."""
    name: str
    title: str
    command: str
    state: str = "skipped"
    passed: int = 0
    failed: int = 1
    seconds: float = 0.0
    started: float = 0.0
    reason: str = ""
    log: str = ""
    writes: str = ""
    wrote: bool = False
    exit: int | None = None

    def fail(self, problems):
        """What a step left undone fails it, whatever its exit status said."""
        if not problems:
            return
        if self.state == "passed":
            alone = (self.passed, self.failed) == (1, 0)  # one for the step as a whole
            self.state, self.passed = "failed", 0 if alone else self.passed
        self.failed = max(self.failed, len(problems))
        more = f" and {len(problems) - 3} more" if len(problems) > 3 else ""
        said = "; ".join(problems[:3]) + more
        self.reason = f"{self.reason}; {said}" if self.reason else said


def judge(code, text):
    """State, passed, failed and reason from a step's exit status and what it printed."""
    missing = NO_RULE.search(text)
    if code != 0 and missing and not COUNTS.search(text):
        return "skipped", 0, 1, f"there is no make target {missing.group(1)}"
    counts = COUNTS.findall(text)
    skips = [reason.strip() for reason in SKIPPED.findall(text)]
    if not counts:
        passed, failed = (1, 0) if code == 0 else (0, 1)
    else:
        passed, failed = (int(number) for number in counts[-1])
    reason = ""
    if code != 0 and failed == 0:
        failed, reason = 1, f"exit status {code}, though nothing was counted as failed"
    elif counts and passed + failed == 0:
        failed, reason = 1, "ran nothing: 0 passed, 0 failed"
    elif code != 0:
        reason = f"exit status {code}"
    elif failed:
        reason = f"{failed} failed"
    if skips:
        failed = max(failed, len(skips))
        reason = "skipped inside: " + "; ".join(skips)[:300]
    return ("failed" if failed else "passed"), passed, failed, reason


def overrides(makeflags):
    """The NAME=VALUE part of MAKEFLAGS: flags and the job server are not for the steps' makes."""
    head, mark, tail = makeflags.partition("-- ")
    return mark + tail if mark and (not head or head[-1].isspace()) else ""


def environment(extra=()):
    env = {k: v for k, v in os.environ.items() if k not in ("MFLAGS", "MAKELEVEL", "MAKEFLAGS")}
    kept = overrides(os.environ.get("MAKEFLAGS", ""))
    if kept:
        env["MAKEFLAGS"] = kept
    env.update(LC_ALL="C.UTF-8", NO_COLOR="1", PYTHONDONTWRITEBYTECODE="1", **dict(extra))
    return env


def identity(path):
    """Tells one writing of a file from another; None if there is no such file."""
    try:
        seen = os.stat(path)
    except OSError:
        return None
    return seen.st_ino, seen.st_mtime_ns, seen.st_size


def family(pid):
    """pid and all that descends from it, those in other process groups and sessions included."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found = [pid]
    for member in found:
        found.extend(parents.get(member, []))
    return found


def signal_all(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            pass


class Running:
    """A step under way."""

    def __init__(self, step, log, root, env):
        self.step, self.log, self.root = step, log, root
        self.before = identity(root / step.writes) if step.writes else None
        self.started = time.time()
        self.clock = time.monotonic()
        self.late = False
        self.spoke = self.clock
        self.reader = None
        command = dict(cwd=root, env=env, stderr=subprocess.STDOUT)
        if step.show:
            # In the terminal's foreground, so that a password can be asked for.
            self.process = subprocess.Popen(step.command, stdout=subprocess.PIPE, **command)
            self.reader = threading.Thread(target=self.tee, daemon=True)
            self.reader.start()
        else:
            with open(log, "wb") as out:
                self.process = subprocess.Popen(
                    step.command, stdin=subprocess.DEVNULL, stdout=out, process_group=0, **command)

    def tee(self):
        with open(self.log, "wb") as out:
            for line in self.process.stdout:
                out.write(line)
                out.flush()
                sys.stdout.write("    " + line.decode("utf-8", "replace"))
                sys.stdout.flush()

    def seconds(self):
        return time.monotonic() - self.clock

    def stop(self):
        members = family(self.process.pid)
        signal_all(members, signal.SIGTERM)
        end = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            time.sleep(0.05)
        signal_all(set(members) | set(family(self.process.pid)), signal.SIGKILL)
        self.process.wait()

    def finished(self):
        if self.process.poll() is not None:
            return True
        if self.seconds() > self.step.minutes * 60:
            self.late = True
            self.stop()
            return True
        return False

    def result(self):
        if self.reader:
            self.reader.join(GRACE_SECONDS)
        step, code = self.step, self.process.returncode
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        state, passed, failed, reason = judge(code, text)
        if self.late:
            state, failed = "failed", max(failed, 1)
            reason = f"stopped after {step.minutes:.4g} minutes, its limit"
        wrote = False
        if step.writes:
            after = identity(self.root / step.writes)
            wrote = after is not None and after != self.before
        result = Result(step.name, step.title, " ".join(step.command), state, passed, failed,
                        round(self.seconds(), 1), self.started, reason, str(self.log),
                        step.writes, wrote, code)
        if step.writes and not wrote:
            result.fail([f"{step.writes} was not written by this run"])
        return result


class Runner:
    """Runs steps in their order and calls `done` with each result as it comes. Interrupt it, and
    its children end with it."""

    def __init__(self, steps, logs, root=Path("."), cores=2, done=None):
        self.done = done
        self.steps, self.logs, self.root, self.cores = list(steps), Path(logs), Path(root), cores
        self.results, self.running = {}, []
        self.width = max((len(step.name) for step in self.steps), default=0)
        self.terminal = sys.stdout.isatty() and "CI" not in os.environ

    def run(self):
        self.logs.mkdir(parents=True, exist_ok=True)
        waiting = list(self.steps)
        try:
            while waiting or self.running:
                while waiting and self.start(waiting[0]):
                    waiting.pop(0)
                self.collect()
                self.progress()
                if self.running:
                    time.sleep(0.03 if min(one.seconds() for one in self.running) < 1 else 0.3)
        except BaseException:
            with signals_deferred():
                for one in self.running:
                    one.stop()
            raise
        return [self.results[step.name] for step in self.steps]

    def start(self, step):
        """Starts or skips a step; False while it has to wait."""
        busy = sum(one.step.cores for one in self.running)
        if busy and busy + step.cores > self.cores:
            return False
        if any(name not in self.results for name in step.after):
            return False
        reason = self.obstacle(step)
        if reason:
            self.finish(Result(step.name, step.title, " ".join(step.command), reason=reason,
                               started=time.time(), writes=step.writes))
            return True
        log = self.logs / f"{step.name}.log"
        log.unlink(missing_ok=True)
        try:
            with signals_deferred():
                self.running.append(Running(step, log, self.root, environment(step.env)))
        except OSError as error:
            self.finish(Result(step.name, step.title, " ".join(step.command), writes=step.writes,
                               reason=f"cannot start {step.command[0]}: {error.strerror}"))
        return True

    def obstacle(self, step):
        failed = [name for name in step.after if self.results[name].state != "passed"]
        if failed:
            return "needs " + ", ".join(failed) + ", which did not pass"
        lacking = [tool for tool in step.needs if not shutil.which(tool)]
        if lacking:
            return ", ".join(lacking) + " not found: run ci/setup test"
        return ""

    def collect(self):
        for one in [one for one in self.running if one.finished()]:
            self.running.remove(one)
            self.finish(one.result())

    def say(self, line):
        print(line, flush=True)

    def finish(self, result):
        self.results[result.name] = result
        if self.done:
            self.done(result)
        self.clear()
        word = {"passed": "ok", "failed": "FAILED", "skipped": "SKIPPED"}[result.state]
        line = f"{word:8}{result.name:{self.width}}  {result.seconds / 60:5.1f} min"
        line += f"  {result.passed:5} passed, {result.failed} failed"
        self.say(line + (f"  ({result.reason})" if result.reason else ""))
        if result.state == "failed" and result.log:
            self.say(f"    of {result.log}, what failed and the last lines:")
            for text in telling(Path(result.log)):
                self.say("    | " + text)

    def progress(self):
        if self.terminal and self.running:
            names = ", ".join(f"{one.step.name} {one.seconds() / 60:.1f} min"
                              for one in self.running if not one.step.show)
            if names:
                print("\r\033[K        " + names, end="", flush=True)
            return
        for one in self.running:
            if time.monotonic() - one.spoke >= HEARTBEAT_SECONDS:
                one.spoke = time.monotonic()
                self.say(f"...     {one.step.name:{self.width}}  {one.seconds() / 60:5.1f} min")

    def clear(self):
        if self.terminal:
            print("\r\033[K", end="")


def telling(path, failures=24, last=12):
    """Of a log: the first lines that say what failed, what stands indented below them, the end.

    A log is often gone with its machine, and what failed may stand far above its last lines.
    """
    try:
        lines = [line for line in path.read_text(errors="replace").splitlines() if line.strip()]
    except OSError:
        return
    chosen, below = [], False
    for number, line in enumerate(lines):
        below = bool(FAILURE.match(line)) or (below and line[0].isspace())
        if below and len(chosen) < failures:
            chosen.append(number)
    before = -1
    for number in sorted({*chosen, *range(max(0, len(lines) - last), len(lines))}):
        if number > before + 1:
            yield "..."
        before = number
        yield lines[number][:200]


def totals(results):
    return sum(one.passed for one in results), sum(one.failed for one in results)


def as_rows(results):
    return [asdict(one) for one in results]


def on_terminate(_number, _frame):
    raise KeyboardInterrupt


def install_signals():
    """SIGTERM and a lost terminal end a run as Ctrl-C does."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_terminate)


@contextlib.contextmanager
def signals_deferred():
    """An interruption waits for the end of the block: no child may be started and not known of."""
    came, before = [], {}
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        before[number] = signal.signal(number, lambda *_: came.append(True))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if came:
        raise KeyboardInterrupt
