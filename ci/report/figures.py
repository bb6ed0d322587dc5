"""Every figure that can be cited: its id, what it counts, where it comes from, how to get it again.

A figure keeps its id as long as it counts the same thing; one that counts another gets another."""
import statistics

from report import ids, measured


def of(report, part, *keys):
    """report[part][key]...; None where there is no such result."""
    value = report.get(part)
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def share(part):
    return round(100 * part["covered"] / part["total"], 2) if part and part["total"] else None


def found(rows, *names):
    """How many planted bugs some of these means found; None if none of them was asked."""
    if not any(measured.asked(row) & set(names) for row in rows):
        return None
    return sum(bool(measured.found_by(row) & set(names)) for row in rows)


def median_seconds(rows):
    """The median over plants of libFuzzer's median time; what is not found counts as its limit."""
    times = [statistics.median(trial["seconds"] for trial in row["means"]["libfuzzer"]["trials"])
             for row in rows if row["means"].get("libfuzzer", {}).get("trials")]
    return round(statistics.median(times), 2) if times else None


def proof_figures(report):
    for name, key, what in (
            ("goals", "goals", "goals of the core"),
            ("goals-proved", "proved", "goals of the core that are proved"),
            ("goals-qed", "qed", "goals that Qed closed by simplification"),
            ("goals-two-families", "two_families", "goals closed by two families of solvers"),
            ("lemmas-unproved", "lemmas_unproved", "lemmas that are not proved"),
            ("admits", "admits", "admits in ACSL"),
            ("smoke-tests", "smoke_tests", "attempts to derive false from a contract"),
            ("smoke-failed", "smoke_failed", "such attempts that succeeded"),
            ("slowest-goal", "slowest_goal_s", "seconds of the slowest goal")):
        yield name, what, of(report, "proof", key), "proof"
    proof = report["proof"]
    yield "axioms", "axioms in ACSL", len(proof["axioms"]) if proof else None, "proof"
    yield "functions", "functions proved", len(proof["functions"]) if proof else None, "proof"
    yield "claims", "claims made", len(report["claims"]) if proof else None, "proof"
    yield ("claims-hold", "claims that hold",
           sum(row["holds"] for row in report["claims"]) if proof else None, "proof")


def beside_figures(report):
    """EVA, traceability, coverage."""
    eva, trace, cover = report["eva"], report["trace"], report["coverage"]
    yield "eva-statements", "statements of the core that EVA saw", of(report, "eva",
                                                                    "statements"), "eva"
    yield ("eva-reached", "statements of the core that EVA reached", of(report, "eva", "reached"),
           "eva")
    for name, what in (("closed", "alarms of EVA that WP closes"),
                       ("listed", "alarms of EVA that are argued"),
                       ("open", "alarms of EVA that are open")):
        yield f"eva-{name}", what, len(eva["alarms"][name]) if eva else None, "eva"
    yield "clauses", "clauses of the documents", of(report, "trace", "clauses"), "trace"
    yield ("clauses-decidable", "clauses that an octet can show",
           of(report, "trace", "decidable"), "trace")
    yield "clauses-traced", "clauses traced whole", trace["full"] if trace else None, "trace"
    for name, words in (("lines", "lines"), ("branches", "branches"),
                        ("mcdc", "conditions (MC/DC)")):
        yield (f"coverage-{name}", f"percent of {words} of the core reached by the corpus",
               share(cover[name]) if cover else None, "coverage")


def tried_figures(report):
    """Fuzzing, planted bugs, mutants, peers."""
    runs = report["fuzz"]
    rows = report["plants"] and [row for row in report["plants"]["plants"] if row["means"]]
    total = {"executions": sum(row["execs"] for row in runs),
             "seconds": round(sum(row["seconds"] for row in runs)),
             "crashes": sum(len(row["crashes"]) for row in runs),
             "runs": len(runs)} if runs is not None else {}
    for name, what in (("runs", "runs of a target, engine and leg"),
                       ("executions", "executions under all fuzzers"),
                       ("seconds", "seconds of fuzzing"), ("crashes", "crashes")):
        yield f"fuzz-{name}", what, total.get(name), "fuzz"
    yield "plants", "planted bugs measured", None if rows is None else len(rows), "plants"
    for name, means, what in (
            ("tests", measured.TESTS, "found by vectors or the corpus"),
            ("libfuzzer", ("libfuzzer",), "found by libFuzzer in every trial"),
            ("afl", ("afl",), "found by AFL++ in every trial"),
            ("eacsl", ("eacsl",), "found by E-ACSL in every trial"),
            ("proof", ("proof",), "found by the proof")):
        yield (f"plants-{name}", f"planted bugs {what}",
               None if rows is None else found(rows, *means), "plants")
    yield ("plants-two-means", "planted bugs found by two independent means or more",
           None if rows is None else sum(measured.independent(row) >= 2 for row in rows), "plants")
    yield ("plants-median", "seconds of libFuzzer to a planted bug, median of medians",
           None if rows is None else median_seconds(rows), "plants")
    for name, key, what in (
            ("mutants", "made", "mutants of the core proved anew and run"),
            ("mutants-of", "of", "mutants there are"),
            ("mutants-killed", "killed", "mutants that no proof passes, with a witness"),
            ("mutants-fell", "fell", "mutants that no proof passes, without a witness"),
            ("mutants-holes", "hole", "mutants that are proved, and differ"),
            ("mutants-equivalent", "equivalent", "mutants argued the same, with executions alike")):
        yield name, what, of(report, "mutants", key), "mutants"


def other_figures(report):
    peers, bench, families = report["interop"], report["bench"], report["families"]
    yield "interop", "scenarios with real peers", len(peers) if peers else None, "interop"
    yield ("interop-ok", "scenarios with real peers that went as they should",
           sum(row["ok"] for row in peers) if peers else None, "interop")
    yield "bench-targets", "targets of speed", len(bench["targets"]) if bench else None, "bench"
    yield ("bench-reached", "targets of speed that are reached",
           sum(row["reached"] for row in bench["targets"]) if bench else None, "bench")
    files = families["files"].values() if families else None
    yield ("families-goals", "solvers' goals tried by both families",
           sum(row["goals"] for row in files) if files is not None else None, "families")
    yield ("families-both", "solvers' goals closed by both families",
           sum(row["both"] for row in files) if files is not None else None, "families")
    files = report["machdep"]["files"].values() if report["machdep"] else None
    yield ("machdep-goals", "goals proved for 32 bits too, by the record of that proof",
           sum(row["goals"] for row in files) if files is not None else None, "machdep")


def own_figures(report):
    """What the audit counts itself."""
    gates, clients = report["gates"], report["clients"]
    yield "gates", "gates on the proof", len(gates) or None, "gates"
    yield ("gates-hold", "gates that hold",
           sum(row["holds"] for row in gates) if gates else None, "gates")
    yield "clients", "recorded clients", len(clients) or None, "clients"
    yield ("clients-right", "recorded clients that get 101 and the right accept value",
           sum(not row["problems"] for row in clients) if clients else None, "clients")
    steps = {row["name"]: row for row in report["steps"]}
    vectors = steps.get("vectors")
    yield ("vectors", "vectors that get the verdict that they name",
           vectors["passed"] if vectors else None, "vectors")


OTHER_COMMANDS = {"gates": "make gates", "clients": "make audit", "vectors": "make vectors"}


def figures(report):
    """Rows of all figures; a value is null where nothing measured it."""
    commands = {row["part"]: row["command"] for row in report["parts"]} | OTHER_COMMANDS
    return [{"id": ids.make(ids.FIGURE, name), "what": what, "value": value, "part": part,
             "command": commands[part]}
            for group in (proof_figures, beside_figures, tried_figures, other_figures, own_figures)
            for name, what, value, part in group(report)]
