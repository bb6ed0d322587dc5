"""The replay record: which programs a whole proof was of, so that a reviewer can see in seconds
whether the core is still that. A record is text that anyone can write: it is compared with, and
nothing that judges a proof reads it."""

import hashlib
import json

from . import framac, toolchain

RECORD = toolchain.PROOFS / "replay.json"
WHAT = ("Record of a whole proof, for `make prove-replay`: which program was proved, not that it "
        "is. Written by `make ledger`.")


def drivers():
    """A hash of what the solvers are configured with."""
    texts = [file.read_text(encoding="utf-8")
             for file in sorted((toolchain.PROOFS / "why3").iterdir())]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def row(result):
    """What is kept of one file's proof."""
    goals = sum(one["goals"] for one in result["functions"].values())
    return {"key": result["key"], "program": result["program"], "goals": goals,
            "smoke_tests": result["smoke"]["tests"], "by": result["by"]}


def reasons(result):
    """Why a whole proof must not be recorded: gates and claims that do not hold, open goals."""
    told = [f"gate {gate['id']} does not hold" for gate in result["gates"] if not gate["holds"]]
    told += [f"claim {claim['id']} is open" for claim in result["claims"] if not claim["holds"]]
    if not result["goals"] or result["proved"] != result["goals"]:
        told.append(f"{result['proved']} of {result['goals']} goals are proved")
    return told


def lines_of(record):
    """The record as JSON with a line for each function, so that a diff names what changed."""
    files = []
    for name, one in sorted(record["files"].items()):
        head = "".join(f"   {json.dumps(part)}: {json.dumps(one[part])},\n"
                       for part in ("key", "program", "goals", "smoke_tests"))
        body = ",\n".join(f"    {json.dumps(function)}: {json.dumps(by, sort_keys=True)}"
                          for function, by in sorted(one["by"].items()))
        files.append(f"  {json.dumps(name)}: {{\n{head}   \"by\": {{\n{body}\n   }}\n  }}")
    parts = [f" {json.dumps(part)}: {json.dumps(record[part], sort_keys=True)},\n"
             for part in ("what", "machdep", "tools", "drivers")]
    return "{\n" + "".join(parts) + ' "files": {\n' + ",\n".join(files) + "\n }\n}\n"


def write(facts, result):
    """Records a whole proof of which every gate and claim holds; else removes nothing and says
    why."""
    told = reasons(result)
    if told:
        print(f"proofs/{RECORD.name}: not written: {told[0]}"
              + (f" and {len(told) - 1} more" if told[1:] else ""))
        return
    record = {"what": WHAT, "machdep": result["machdep"], "tools": result["tools"],
              "drivers": drivers(), "files": {name: row(one)
                                              for name, one in facts.results.items()}}
    toolchain.write(RECORD, lines_of(record))
    print(f"proofs/{RECORD.name}: {len(record['files'])} files, {result['goals']} goals")


def read(path=RECORD):
    """The committed record."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        for one in record["files"].values():
            if not (one["key"] and one["program"] and one["goals"] > 0 and one["by"]):
                raise ValueError("a file without key, program or goals")
        if not record["files"] or not record["tools"] or not record["drivers"]:
            raise ValueError("no file, no tools or no drivers")
    except FileNotFoundError as error:
        raise toolchain.ProofError(f"proofs/{path.name}: missing; `make prove`, then `make ledger` "
                                   "write it") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise toolchain.ProofError(f"proofs/{path.name}: expected what `make ledger` writes: "
                                   f"{error}") from error
    return record


def tools_differ(record, versions):
    """Tools of other versions than those of the proof, one sentence each."""
    def flat(found):
        debian = {f"package {name}": one for name, one in found.get("debian", {}).items()}
        return {name: one for name, one in found.items() if name != "debian"} | debian

    then, now = flat(record["tools"]), flat(versions)
    return [f"{name}: {then.get(name, 'not recorded')} when proved, {now.get(name, 'none')} here"
            for name in sorted(set(then) | set(now)) if then.get(name) != now.get(name)]


def counted(by):
    """Goals of one function that the record lists."""
    return sum(one if isinstance(one, int) else len(one) for one in by.values())


def ledger_differs(name, one, ledger):
    """Goals that the record counts otherwise than proofs/ledger.json, or than it counts itself.

    A function that two files prove alike stands in the ledger once, with the last of them."""
    expected = {function: entry["goals"] for function, entry in ledger["functions"].items()
                if entry["file"] == name}
    elsewhere = set(ledger["functions"]) - set(expected)
    listed = {function: counted(by) for function, by in one["by"].items()
              if function and function not in elsewhere}
    told = [f"{function}: the ledger has {expected.get(function, 0)} goals, the record "
            f"{listed.get(function, 0)}" for function in sorted(set(expected) | set(listed))
            if expected.get(function) != listed.get(function)]
    if sum(counted(by) for by in one["by"].values()) != one["goals"]:
        told.append(f"the record lists other than its {one['goals']} goals")
    if ledger["smoke_tests"].get(name) != one["smoke_tests"]:
        told.append("the ledger has other smoke tests than the record")
    return told


def compare(name, key, program, record, ledger):
    """What is wrong with one file: nothing, if it is the very program that was proved."""
    one = record["files"].get(name)
    if one is None:
        return ["no record: it was not in the proof"]
    if one["program"] != program:
        return ["another program than the one that was proved"]
    if one["key"] != key:
        return ["the same program, but proved with other tools, options or drivers than now"]
    return ledger_differs(name, one, ledger)


def gone(record, units):
    """Files that were proved and are no more."""
    here = {unit.name for unit in units}
    return [name for name in record["files"] if name not in here]


def shares(one):
    """How many goals of a file each engine closed, in words."""
    table = {}
    for by in one["by"].values():
        for engine, names in by.items():
            table[engine] = table.get(engine, 0) + (names if isinstance(names, int)
                                                    else len(names))
    return ", ".join(f"{engine} {count}" for engine, count in sorted(table.items()))


def machine_differs(record):
    """Whether the record is of the machine that claims speak of."""
    return [] if record.get("machdep") == framac.MACHDEPS[0] else [
        f"machdep: {record.get('machdep')} when proved, {framac.MACHDEPS[0]} expected"]
