"""Gate G15: what EVA cannot show, WP has proved, and EVA came to every statement.

An alarm of EVA and a goal of WP are the same assertion if Frama-C's RTE plug-in, which makes WP's
goals, asserts the same words of the same line. Goals do not say which line they stand for, so an
alarm counts as closed only if every goal of its kind in its function is proved, and there are no
fewer than RTE asserts; ghost code, which EVA does not read, has goals of its own.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

DRIVER_PREFIX = "eva_"


@dataclass
class Verdict:
    """What the gate found. It holds if `problems` is empty."""

    statements: int = 0
    reached: int = 0
    excused: list = field(default_factory=list)  # statements not reached, with a reason
    closed: list = field(default_factory=list)  # (alarm, the goals that close it)
    other: list = field(default_factory=list)  # (alarm, reason): closed otherwise than by WP
    open: list = field(default_factory=list)  # (alarm, why)
    red: list = field(default_factory=list)  # alarms that are certain in some abstract state
    problems: list = field(default_factory=list)


def kind_goals(properties, function, kind):
    """Names of a function's goals of one kind, goals proved and goals: of WP's result."""
    form = re.compile(rf"{re.escape(function)}_assert_rte_{re.escape(kind)}(_\d+)?$")
    found = {name: counts for name, counts in properties.get(function, {}).items()
             if form.match(name)}
    return (sorted(found), sum(proved for proved, _ in found.values()),
            sum(goals for _, goals in found.values()))


def why_open(alarm, asserted, counts, properties):
    """What keeps an alarm from being closed by WP, or ''; and the goals that close it."""
    place = (alarm.function, alarm.kind)
    if alarm.status == "Invalid":
        return "EVA shows that it always fails", []
    if (*place, alarm.line, alarm.text) not in asserted:
        return "WP has no goal of these words there", []
    names, proved, goals = kind_goals(properties, *place)
    if goals < counts[place]:
        return f"WP had {goals} goals of this kind, RTE asserts {counts[place]}", names
    if proved != goals:
        return f"WP proved {proved} of {goals} goals of this kind", names
    return "", names


def judge(run, properties, listed, uncalled):
    """Judges a run of EVA by WP's results (function -> {goal: [proved, goals]}).

    listed: the checked-in table of what is not as it should be, each with a reason."""
    verdict = Verdict()
    verdict.problems += [f"driver: {name}(): public, and not called" for name in uncalled]
    verdict.problems += [f"{name}: not analysed: nothing that the driver calls leads to it"
                         for name in run.missed]
    judge_statements(run, listed.get("unreached", []), verdict)
    judge_alarms(run, properties, listed.get("alarms", []), verdict)
    return verdict


def stale(rows, used, what):
    """Rows of the table that nothing needs any more."""
    return [f"listed.json: {what}: {row}: stale; take it out" for row in rows if row not in used]


def judge_statements(run, table, verdict):
    """Every statement of the core is reached, or in the table."""
    reasons = {(row["function"], place): row["reason"] for row in table for place in row["places"]}
    used = set()
    for one in run.statements:
        if one.function.startswith(DRIVER_PREFIX):
            continue
        verdict.statements += 1
        key = (one.function, one.place)
        if one.reached:
            verdict.reached += 1
        elif key in reasons:
            used.add(key)
            verdict.excused.append(one)
        else:
            verdict.problems.append(f"not reached: {one.function}: {one.place}: {one.text[:80]}")
    if not verdict.statements:
        verdict.problems.append("no statement of the core: nothing was analysed")
    verdict.problems += stale(sorted(reasons), used, "unreached")


def judge_alarms(run, properties, table, verdict):
    """Every alarm is closed by WP, or in the table."""
    asserted = {(one.function, one.kind, one.line, one.text) for one in run.asserted}
    counts = Counter((one.function, one.kind) for one in run.asserted)
    reasons = {(row["function"], row["kind"], row["text"]): row["reason"] for row in table}
    used = set()
    for alarm in run.alarms:
        why, goals = why_open(alarm, asserted, counts, properties)
        key = (alarm.function, alarm.kind, alarm.text)
        if not why:
            verdict.closed.append((alarm, goals))
        elif key in reasons and alarm.status != "Invalid":
            used.add(key)
            verdict.other.append((alarm, reasons[key]))
        else:
            verdict.open.append((alarm, why))
            verdict.problems.append(f"{alarm}: {why}")
    verdict.problems += stale(sorted(reasons), used, "alarms")
    judge_red(run, verdict)


def judge_red(run, verdict):
    """An alarm that is certain in some abstract state is one that WP has to refute."""
    closed = {(alarm.function, alarm.text) for alarm, _ in verdict.closed}
    for function, text in run.red:
        verdict.red.append(f"{function}: {text}")
        if (function, text) not in closed:
            verdict.problems.append(f"red: {function}: {text}: certain in some state, and not "
                                    "closed by WP")


def summary(verdict):
    """The line that says it all."""
    excused = f" ({len(verdict.excused)} listed with a reason)" if verdict.excused else ""
    other = f", {len(verdict.other)} listed with a reason" if verdict.other else ""
    return (f"eva: {verdict.reached} of {verdict.statements} statements reached{excused}, "
            f"{len(verdict.closed) + len(verdict.other) + len(verdict.open)} alarms: "
            f"{len(verdict.closed)} closed by WP{other}, {len(verdict.open)} open")


def listing(verdict):
    """What was found, for a reader: every alarm with the goals that close it."""
    told = [summary(verdict), ""]
    told += [f"PROBLEM {line}" for line in verdict.problems]
    told += [f"listed  {alarm}\n        {reason}" for alarm, reason in verdict.other]
    told += [f"listed  not reached: {one.function}: {one.place}: {one.text[:80]}"
             for one in verdict.excused]
    told += [f"red in some state, closed by WP: {line}" for line in verdict.red]
    told += [f"closed  {alarm}\n        among {len(goals)} proved: {goals[0]}"
             for alarm, goals in verdict.closed]
    return "\n".join(told) + "\n"


def as_json(verdict):
    """The form of build/eva.json."""
    return {"summary": summary(verdict), "holds": not verdict.problems,
            "statements": verdict.statements, "reached": verdict.reached,
            "unreached_listed": [f"{one.function}: {one.place}: {one.text}"
                                 for one in verdict.excused],
            "alarms": {"closed": [{"alarm": str(alarm), "goals": goals}
                                  for alarm, goals in verdict.closed],
                       "listed": [{"alarm": str(alarm), "reason": reason}
                                  for alarm, reason in verdict.other],
                       "open": [{"alarm": str(alarm), "why": why} for alarm, why in verdict.open]},
            "red_in_some_state": verdict.red, "problems": verdict.problems}
