"""What the page says beyond the figures: sums over them, columns there are, and what is trusted."""
import statistics

from report import measured

COLUMNS = {"goals": "Goals", "proved": "Proved", "qed": "Qed", "two_families": "Two families",
           "one_family": "One family", "smoke": "Smoke tests", "seconds": "Seconds"}

TRUST = (
    "The formal reading of the RFCs in proofs/spec/ says what the RFCs say. It is translated to C "
    "and compared with the vectors, and with the core under the fuzzers.",
    "Frama-C with WP, Qed and Why3 turn code and contracts into the right goals; a solver that "
    "says valid is right, or of two families that say so one is.",
    "The compiler translates C as the standard says, and the machine is as Frama-C's machdep "
    "gcc_x86_64 describes it.",
    "WP's Typed memory model: buffers that a contract calls separated are separated where the "
    "core is called from code that is not proved.",
    "Fuzzing and coverage show what was tried, not what holds of every input.")


def columns(proof):
    """Keys that some function has a number for, with the words for the table's head."""
    return {key: label for key, label in COLUMNS.items()
            if proof.get(key, 0) is not None
            and any(isinstance(row.get(key), (int, float)) for row in proof["functions"])}


def exceptions(proof):
    """Files that are proved without one of the flags, and why."""
    return [{"file": row["file"], "flags": " ".join(row["flags"]), "reason": row["reason"]}
            for row in proof.get("without_flags", [])]


def proof_facts(proof):
    """The proof in a few numbers, each with its words."""
    rows = [("Goals proved", f"{proof['proved']} of {proof['goals']}"), ("By Qed", proof["qed"])]
    if proof["two_families"] is None:
        rows.append(("By a solver", f"{proof['proved'] - proof['qed']}; by how many families: "
                                    f"{proof.get('families_reason', 'not measured')}"))
    else:
        rows += [("By two solver families", proof["two_families"]),
                 ("By one solver family", proof["one_family"])]
    rows += [
            ("Lemmas unproved", proof["lemmas_unproved"]),
            ("Axioms in ACSL", len(proof["axioms"])), ("Admits", proof["admits"]),
            ("Smoke tests", f"{proof.get('smoke_tests', '')} run, {proof['smoke_failed']} failed")]
    if "slowest_goal_s" in proof:
        rows.append(("Slowest goal", f"{proof['slowest_goal_s']} s"))
    return rows + [("Time of the proof", f"{proof['seconds'] / 60:.1f} minutes")]


def machine_facts(report):
    machine = report["machine"]
    commit = report["commit"] or "none"
    return [
        ("System", f"{machine['system']}, kernel {machine['kernel']}, {machine['architecture']}"),
        ("Processor", f"{machine['cpu']}, {machine['cores']} cores, "
                      f"{machine['memory_gib']} GiB of memory"),
        ("Commit", commit + (", with changes that are not committed" if report["dirty"] else "")),
        ("Files", f"sha256 {report['tree_sha256']}")]


# Sections of the page that the contents lists, with the part that they show.
CONTENTS = (("findings", "Open findings"), ("steps", "Steps"), ("claims", "Claims"),
            ("figures", "Figures"), ("proof", "Proof"), ("trust", "Trusted base"),
            ("gates", "Gates"), ("eva", "EVA"), ("families", "Two families"),
            ("machdep", "32 bits"),
            ("trace", "Traceability"), ("fuzz", "Fuzzing"), ("plants", "Planted bugs"),
            ("mutants", "Mutants"), ("coverage", "Coverage"), ("clients", "Recorded clients"),
            ("interop", "Real peers"), ("bench", "Speed"), ("limits", "Known limits"),
            ("made-on", "Machine and tools"), ("cite", "How to cite"), ("again", "Do it again"))
MEANS = ("vectors", "replay", *measured.FINDERS)
PLANT_HEADS = ["vectors", "corpus", *(label for label, _ in measured.FINDERS.values())]


def plant_cell(means, got):
    """What one means made of one planted bug."""
    if got is None:
        return "–"
    if got.get("no_leg"):
        return "no leg"
    if "trials" not in got:
        return f"{got['seconds']:.2f} s" if got["found"] else "no"
    hits = [trial["found"] for trial in got["trials"]]
    if not any(hits) and got.get("by_target"):
        return "no, the target's check came first"
    if not any(hits):
        return f"no, {got['limit']} s"
    middle = statistics.median(trial["seconds"] for trial in got["trials"])
    return f"{middle:.1f} s, {sum(hits)} of {len(hits)}"


def plants(report):
    """Rows of the table of planted bugs; None where there is no result."""
    if report["plants"] is None:
        return None
    return [{**row, "found": any(got.get("found") for got in row["means"].values()),
             "cells": [plant_cell(means, row["means"].get(means)) for means in MEANS]}
            for row in report["plants"]["plants"] if row["means"]]


def plants_recorded(report):
    """How many results of planted bugs are of the record."""
    return sum(bool(got.get("recorded")) for row in (report["plants"] or {"plants": []})["plants"]
               for got in row["means"].values())


def peers(rows):
    """Scenarios summed up by peer and role."""
    found = {}
    for row in rows or []:
        key = (row["peer"], row["role"])
        one = found.setdefault(key, {"peer": row["peer"], "role": row["role"], "count": 0, "ok": 0,
                                     "version": ""})
        one["version"] = one["version"] or row.get("version", "")
        one["count"] += 1
        one["ok"] += row["ok"]
    return list(found.values())


def grouped(rows, key):
    """key's value -> rows, in the order in which they come."""
    found = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def proof_files(proof):
    """Goals summed up by file."""
    rows = [{"file": "", **row} for row in proof["functions"]]
    return [{"file": file, "functions": len(own), "goals": sum(row["goals"] for row in own),
             "proved": sum(row["proved"] for row in own)}
            for file, own in grouped(rows, "file").items()]


def absent(report):
    return [row for row in report["parts"] if row["state"] != "measured"]


def complete(report):
    """The report and what is derived from it, for the templates."""
    proof = report["proof"] or {"functions": []}
    shown = columns(proof)
    vectors = [row for row in report["steps"] if row["name"] == "vectors"]
    return {
        **report, "trust": TRUST, "contents": ([("missing", "Missing parts")] if absent(report)
                                               else []) + list(CONTENTS),
        "risks": grouped(report["trusted"]["risks"], "section"), "proof_files": proof_files(proof),
        "part_of": {row["part"]: row for row in report["parts"]}, "absent": absent(report),
        "plants": plants(report), "plant_heads": PLANT_HEADS,
        "plants_recorded": plants_recorded(report),
        "peers": peers(report["interop"]), "proof_columns": shown,
        "exceptions": exceptions(proof),
        "proof_sums": [sum(row.get(key) or 0 for row in proof["functions"]) for key in shown],
        "proof_facts": proof_facts(proof) if report["proof"] else [],
        "machine_facts": machine_facts(report),
        "crashes": sum(len(row["crashes"]) for row in report["fuzz"] or []),
        "clients_right": sum(not row["problems"] for row in report["clients"]),
        "vectors": vectors[0] if vectors else None}
