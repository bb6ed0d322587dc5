"""What changed since the last night that can be compared, area by area, and what of it is worse.

An area is compared with the last night that has its figures; samples, mutant by mutant and plant by
plant, with the last night that had the same one. Times are compared as ratios, on one machine.
"""
SAME_RATIO = 1.10         # medians over layouts move by less from run to run
SAME_INSTRUCTIONS = 1.01  # counted, not timed
SAME_EDGES = 0.98         # engines are random
SLOW_S, SLOWER = 5.0, 1.5  # half of a goal's time, where the proof starts to hang on the machine
CAUGHT, ESCAPED = ("killed", "fell"), ("survivor", "hole", "unjudged")


class Told:
    """Lines on what changed; those on what is worse carry a key."""

    def __init__(self):
        self.changes, self.worse = [], {}

    def note(self, text):
        self.changes.append(text)

    def bad(self, key, text):
        self.changes.append(text)
        self.worse[key] = text


def figures(night, name):
    """The figures of a job in a night; none if it left none."""
    return next((job["figures"] for job in night["jobs"] if job["name"] == name), {})


def same_tools(now, then, *names):
    return all(now["tools"].get(name) == then["tools"].get(name) for name in names)


def same_machine(now, then):
    kinds = ("cpu", "cores")
    return all(now["machine"].get(kind) == then["machine"].get(kind) for kind in kinds)


def signed(number):
    return f"{number:+,}".replace(",", " ")


def counts(told, area, now, then, same, names):
    """Figures of which fewer are worse as long as the core is the same."""
    for name in names:
        if now[name] < then[name] and same:
            told.bad(f"{area}:{name}", f"{area}: {now[name]} {name} of the same core, "
                                       f"{then[name]} before")
        elif now[name] != then[name]:
            told.note(f"{area}: {name} {then[name]} -> {now[name]}")


def proof(area):
    def compare(told, now, then, same_core, _nights):
        counts(told, area, now, then, same_core, ("goals", "smoke_tests", "functions"))
        open_now, open_then = (one["goals"] - one["proved"] for one in (now, then))
        if open_now > open_then:
            told.bad(f"{area}:open", f"{area}: {open_now} goals open, {open_then} before")
        if now["claims"] < then["claims"]:
            told.bad(f"{area}:claims", f"{area}: {now['claims']} claims hold, {then['claims']} "
                                       "before")
        if now["slowest_s"] > max(SLOW_S, SLOWER * then["slowest_s"]):
            told.bad(f"{area}:slowest", f"{area}: slowest goal {now['slowest']} took "
                     f"{now['slowest_s']} s, {then['slowest']} took {then['slowest_s']} s before")
        elif now["slowest_s"] != then["slowest_s"]:
            told.note(f"{area}: slowest goal {then['slowest_s']} -> {now['slowest_s']} s")
    return compare


def stable(told, now, then, _same_core, _nights):
    if now["slowest_s"] != then["slowest_s"]:
        told.note(f"stable: {now['kind']}: slowest goal {then['slowest_s']} -> "
                  f"{now['slowest_s']} s")


def coverage(told, now, then, _same_core, _nights):
    for kind, word in (("lines", "lines"), ("branches", "branches"), ("mcdc", "MC/DC")):
        (covered, total), (had, of) = now[kind], then[kind]
        if covered * of < had * total:
            told.bad(f"coverage:{kind}", f"coverage: {word} {covered} of {total}, {had} of {of} "
                                         "before")
        elif [covered, total] != [had, of]:
            told.note(f"coverage: {word} {had} of {of} -> {covered} of {total}")


def fuzz(told, now, then, same_core, nights):
    known = {crash for night in nights for crash in figures(night, "fuzz").get("crashes", ())}
    for path in now["paths"]:
        name = path.rpartition("/")[2]
        if name not in known:
            told.bad(f"crash:{name}", f"fuzz: new crash; see it again with: make repro FILE={path}")
    if not then:
        return
    longer = now["time"] >= then["time"]
    for name, row in now["rows"].items():
        before = then["rows"].get(name)
        if before and same_core and longer and row["edges"] < SAME_EDGES * before["edges"]:
            told.bad(f"edges:{name}", f"fuzz: {name}: {row['edges']} edges of the same core, "
                                      f"{before['edges']} before")
    more = sum(row["edges"] - then["rows"][name]["edges"] for name, row in now["rows"].items()
               if name in then["rows"])
    told.note(f"fuzz: {signed(more)} edges over all, {then['time']} -> {now['time']} s each, "
              f"inputs {signed(now['execs'] - then['execs'])}")


def corpus(told, now, then, _same_core, _nights):
    for name, before in then["targets"].items():
        # What a merge took in may be thrown away again; what it found there may not.
        files = now["targets"].get(name, {"files": 0})["files"]
        if files < before["before"]:
            told.bad(f"corpus:{name}", f"corpus: {name}: {files} files, and a night before began "
                                       f"with {before['before']}")
    told.note(f"corpus: files {then['files']} -> {now['files']}, octets {then['octets']} -> "
              f"{now['octets']}")


def bench(told, now, then, _same_core, _nights):
    for name, ratio in now["ratios"].items():
        before = then["ratios"].get(name)
        if before and ratio > SAME_RATIO * before:
            told.bad(f"speed:{name}", f"speed: {name} {before} -> {ratio}")
        elif before and ratio != before:
            told.note(f"speed: {name} {before} -> {ratio}")
    for name, count in now["instructions"].items():
        before = then["instructions"].get(name)
        if before and count > SAME_INSTRUCTIONS * before:
            told.bad(f"instructions:{name}", f"speed: {name} {before} -> {count} instructions")
    for name in now["missed"]:
        told.note(f"speed: {name} misses its target, "
                  + ("as before" if name in then["missed"] else "which it reached before"))
    for name in sorted(set(then["ratios"]) - set(now["ratios"])):
        told.bad(f"speed:{name}", f"speed: {name} was not measured, {then['ratios'][name]} before")


def families(told, now, then, _same_core, _nights):
    for name, (both, goals) in then["files"].items():
        row = now["files"].get(name)
        if row is None:
            told.bad(f"families:{name}", f"families: {name} is no longer measured")
        elif row[0] * goals < both * row[1]:
            told.bad(f"families:{name}", f"families: {name}: {row[0]} of {row[1]} goals by both, "
                                         f"{both} of {goals} before")
    more = len(now["files"]) - len(then["files"])
    if more:
        told.note(f"families: {signed(more)} files measured, {len(now['files'])} in all")


def earlier_of(nights, area, part, name):
    """What the last night that had it says of one of a sample, and the figures around it."""
    for night in nights:
        found = figures(night, area)
        if name in found.get(part, {}):
            return found[part][name], found
    return None, None


def mutants(told, now, _then, _same_core, nights):
    seen = 0
    for name, kind in now["mutants"].items():
        before, _ = earlier_of(nights, "mutants", "mutants", name)
        seen += before is not None
        if before in CAUGHT and kind in ESCAPED:
            told.bad(f"mutant:{name}", f"mutants: {name} was {before} and is {kind}")
    told.note(f"mutants: {len(now['mutants'])} tried, {seen} of them in an earlier night too")


def plants(told, now, _then, _same_core, nights):
    seen = 0
    for name, row in now["plants"].items():
        before, around = earlier_of(nights, "plants", "plants", name)
        if not before or before["patch"] != row["patch"] or around["time"] > now["time"]:
            continue
        seen += 1
        for key, word in (("found", "libFuzzer"), ("tests", "vectors and replay"),
                          ("proof", "the proof"), ("eacsl", "E-ACSL")):
            # The last two are asked by hand: a night without them says nothing of them.
            if before.get(key) and row.get(key) is False:
                told.bad(f"plant:{name}:{key}", f"plants: {name} is no longer found by {word}")
    told.note(f"plants: {len(now['plants'])} planted, {seen} of them in an earlier night too")


# Area, which is the job's name; how it is compared; what else must be the same.
AREAS = {
    "prove": (proof("prove"), lambda *_: True),
    "machdep": (proof("machdep"), lambda *_: True),
    "stable": (stable, lambda now, then: figures(now, "stable")["kind"] ==
               figures(then, "stable")["kind"]),
    "fuzz": (fuzz, lambda now, then: same_tools(now, then, "clang-19", "afl-fuzz")),
    "corpus": (corpus, lambda *_: True),
    "coverage": (coverage, lambda now, then: same_tools(now, then, "clang-19", "llvm-cov-19")),
    "bench": (bench, lambda now, then: same_machine(now, then) and same_tools(now, then, "gcc")),
    "families": (families, lambda *_: True),
    "mutants": (mutants, lambda *_: True),
    "plants": (plants, lambda *_: True),
}


def compare_area(told, area, night, nights):
    """Tells what changed in an area; the night that it was compared with, or None."""
    differ, comparable = AREAS[area]
    then = next((one for one in nights if figures(one, area) and comparable(night, one)), None)
    if then or area == "fuzz":  # a crash is new even in the first night
        before = figures(then, area) if then else {}
        same_core = bool(then) and then["core_sha256"] == night["core_sha256"]
        differ(told, figures(night, area), before, same_core, nights)
    return then["night"] if then else None


def compare(night, nights):
    """(area -> the night that it was compared with, or None; Told). `nights`: the last first."""
    since, told = {}, Told()
    for area in AREAS:
        if not figures(night, area):
            continue
        try:
            since[area] = compare_area(told, area, night, nights)
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            since[area] = None
            told.bad(f"history:{area}", f"history: figures of {area} in an earlier night are of "
                     f"another shape ({type(wrong).__name__}: {wrong}): find it in build/history/ "
                     "and move it away")
    return since, told
