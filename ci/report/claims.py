"""What is claimed, in its exact words, and what carries it: goals, solvers, limits, the command."""
import json
import re

from report import ids
from report.judge import Unusable, need

SOURCE = "proofs/claims.json"
WHOLE = "*"  # among what a claim needs: every goal of the core


def read(root):
    """The theorems and claims as they are checked in."""
    try:
        found = json.loads((root / SOURCE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unusable(f"{SOURCE}: {error}") from None
    need(SOURCE, found, theorems=list, claims=list)
    for one in found["claims"]:
        need(f"{SOURCE}: claims", one, id=str, text=str, needs=list, limits=str, theorem=list)
    for one in found["theorems"]:
        need(f"{SOURCE}: theorems", one, id=str, title=str, says=str)
    return found


def named(needs):
    """Functions whose own contract carries a claim, in their order; none where it is every one."""
    return list(dict.fromkeys(one.partition(":")[0] for one in needs if one != WHOLE))


def command(functions, files):
    """The command that proves what a claim names; where it names nothing, the whole proof."""
    if not functions:
        return "make prove"
    return f"make prove FILE='{' '.join(files)}' FN={','.join(functions)}"


def carried(claim, judged, proof):
    """One row of the report: a claim, and what of this proof it rests on."""
    own = named(claim["needs"])
    rows = [row for row in proof["functions"] if row["name"] in own]
    files = sorted({row.get("file", "") for row in rows} - {""})
    tools = proof["tools"]
    return {
        "id": ids.make(ids.CLAIM, claim["id"]), "name": claim["id"], "words": claim["text"],
        "holds": judged["holds"], "missing": judged.get("missing", []),
        "theorems": [ids.make(ids.THEOREM, name) for name in claim["theorem"]],
        "needs": claim["needs"], "whole": WHOLE in claim["needs"], "limits": claim["limits"],
        "functions": [{"name": row["name"], "file": row.get("file", ""), "goals": row["goals"],
                       "proved": row["proved"]} for row in rows],
        "goals": proof["goals"] if WHOLE in claim["needs"] else sum(r["goals"] for r in rows),
        "proved": proof["proved"] if WHOLE in claim["needs"] else sum(r["proved"] for r in rows),
        "solvers": [f"{name} {tools[name]}" for name in ("z3", "cvc4", "cvc5") if name in tools],
        "command": command(own, files),
        "again": f"build/upheld verify-report build/audit --claim {ids.CLAIM}{claim['id']}"}


def claims(found, proof):
    """(rows, problems): every claim that is checked in must have been judged in its own words."""
    judged = {row["id"]: row for row in proof["claims"]}
    rows, problems = [], []
    for claim in found["claims"]:
        row = judged.pop(claim["id"], None)
        if row is None:
            problems.append(f"claim {claim['id']} of {SOURCE} was not judged by the proof")
            row = {"holds": False, "missing": ["not judged"]}
        elif row["claim"] != claim["text"]:
            problems.append(f"claim {claim['id']} was judged in other words than {SOURCE} has")
            row = {**row, "holds": False}
        rows.append(carried(claim, row, proof))
    problems += [f"claim {name} was judged, and is not in {SOURCE}" for name in judged]
    return rows, problems


def state(own, theorem):
    if not own or not all(row["holds"] for row in own):
        return "open"
    return "in part" if theorem.get("open") else "proved"


def theorems(found, rows):
    """The theorems of the design, each with its claims and what is not proved of it."""
    made = []
    for one in found["theorems"]:
        name = ids.make(ids.THEOREM, one["id"])
        own = [row for row in rows if name in row["theorems"]]
        made.append({"id": name, "title": one["title"], "says": one["says"],
                     "claims": [row["id"] for row in own],
                     "state": state(own, one),
                     "missing": one.get("missing"), "open": one.get("open")})
    return made


def sentences(root, name, heading):
    """The list items below a heading of a document, each as one line; [] without it."""
    path = root / name
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    _, found, rest = text.partition(f"\n## {heading}\n")
    body = re.split(r"^## ", rest, maxsplit=1, flags=re.M)[0] if found else ""
    return [" ".join(item.split()) for item in re.findall(r"^- (.*(?:\n  .*)*)", body, re.M)]


def plain(text):
    """Prose without marks of Markdown."""
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text).replace("`", "")


def limits(root):
    return [{"id": ids.make(ids.LIMIT, number), "says": plain(text)}
            for number, text in enumerate(sentences(root, "README.md", "Limits"), 1)]


def trusted(root):
    """The tables of SOUNDNESS.md: risk, what is done, what remains; and what is not proved."""
    path = root / "proofs/SOUNDNESS.md"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    rows, section = [], ""
    for line in text.splitlines():
        if line.startswith("## "):
            section = line[3:]
        cells = [plain(cell.strip()) for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3 and cells[0] != "risk" and "---" not in line:
            rows.append({"section": section, "risk": cells[0], "done": cells[1],
                         "remains": cells[2]})
    return {"risks": rows, "not_proved": [
        plain(one) for one in sentences(root, "proofs/SOUNDNESS.md", "Not proved at all")]}
