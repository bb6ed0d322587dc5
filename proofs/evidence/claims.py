"""The claims of proofs/claims.json: what is wrong with them, and the page that says what carries
each. What is proved today is not asked here: `make prove` judges that."""

import json
import re
import textwrap

from . import contracts, logic, order
from .contracts import EvidenceError

WIDTH = 98
THEOREM = {"id", "title", "says"}
MISSING = {"missing", "open"}  # what is not proved of it: in a few words, then with the reason
CLAIM = {"id", "theorem", "text", "needs", "limits"}

HEAD = """# What is claimed, and what carries it

`make claims` writes this page from [`claims.json`](claims.json), the contracts of `../core/`, the
specification in [`spec/`](spec/) and [`ledger.json`](ledger.json), which names every function that
is proved and counts its goals. `make prove` proves those goals from nothing and judges the claims
on them: it fails where one is open. Goals are named as WP names them, without the `typed_` in
front. What no proof here can say stands in [`SOUNDNESS.md`](SOUNDNESS.md), and no claim is meant
to be stronger than that page.

"""
STATES = """
"proved": the goals that the claims name are in the ledger, and nothing else is said to be missing.
"in part": something is, and the section says what, why, and what covers it instead.

"""
EQUATION = """## Sound and complete: SWITCH if and only if every check holds

Neither is a goal of its own: both are the two directions of one equation. By `decision` the clause
that `upheld_request_decide()` gives equals `Verdict` of [`spec/decision.acsl`](spec/decision.acsl),
a chain of case splits: each check names the clause that is broken, and the last value, where none
is, is R6455-4.2.2-10. `StatusOf` gives 101 for that clause and for no other, and `VerdictOf` gives
SWITCH for 101 alone. So

    SWITCH  <==>  every clause of the first table holds of the octets, under the policy

and a request that breaks several gets the first of them in this order: none that holds can refuse
it, and none that is broken leaves a way to SWITCH. That the policy granted access is a row too, of
`AccessVerdict`; `uph_access_verdict_ensures_granted` says that it holds for `UPHELD_GRANTED` alone.
Some clauses ask for something only where the policy does; their words say so. Where two functions
result in a clause, it has two rows. The head comes first, and is read line by line: of its rows the
one whose octet comes first counts. `DecideReply` and `DecideConnect` are equations of the same
shape, with R6455-4.1-19 (OK) and R8441-5-3 (200) where every check holds; `ClientClause` and
`StreamStatus` there say where a client, or HTTP/2, has another name or status for a clause.

"""
CHAINS = (("A request", ("Head", "Verdict")), ("A reply", ("ReplyHead", "ReplyClause")),
          ("Extended CONNECT", ("StreamFields", "StreamClause")))


def read(path):
    """The file's theorems and claims, each by id."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return ({one["id"]: one for one in found["theorems"]},
                {one["id"]: one for one in found["claims"]})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EvidenceError(f"proofs/{path.name}: expected JSON with theorems and claims, each "
                            f"with an id: {error!r}") from error


def labelled(clauses):
    """What a claim can be carried by: ensures clauses with a label, by function and label."""
    return {(one.function, one.label): one for one in clauses
            if one.kind == "ensures" and one.label}


def problems(theorems, claims, clauses, ledger):
    """All that is wrong, a line each."""
    where, known = "proofs/claims.json", labelled(clauses)
    functions = {one.function for one in clauses} | set(ledger["functions"])
    for name, one in theorems.items():
        if set(one) not in (THEOREM, THEOREM | MISSING):
            yield f"{where}: theorem {name}: expected id, title, says; missing and open, or neither"
        if not one.get("open") and not any(name in claim.get("theorem", ()) for claim in
                                           claims.values()):
            yield f"{where}: theorem {name}: no claim names it; say under open why, or claim it"
    for name, one in claims.items():
        if set(one) != CLAIM:
            wrong = ", ".join(sorted(set(one) ^ CLAIM))
            yield f"{where}: claim {name}: expected {', '.join(sorted(CLAIM))}; see {wrong}"
            continue
        for part in ("text", "needs", "limits", "theorem"):
            if not one[part]:
                yield f"{where}: claim {name}: {part} is empty"
        for theorem in one["theorem"]:
            if theorem not in theorems:
                yield f"{where}: claim {name}: there is no theorem {theorem}"
        for need in one["needs"]:
            function, _, label = need.partition(":")
            if need != "*" and function not in functions:
                yield f"{where}: claim {name}: {need}: there is no function {function} in core/"
            elif label and (function, label) not in known:
                said = ", ".join(sorted(other for name, other in known if name == function))
                yield (f"{where}: claim {name}: {need}: the contract of {function} has no "
                       f"`ensures {label}:`; it has {said or 'no labelled ensures'}")


def proved(need, ledger):
    """Whether the ledger knows the function of a need."""
    return need == "*" or need.partition(":")[0] in ledger["functions"]


def wrapped(text, start="", rest=None):
    """Prose broken between words."""
    return textwrap.fill(text, WIDTH, initial_indent=start, break_on_hyphens=False,
                         subsequent_indent=start if rest is None else rest,
                         break_long_words=False) + "\n"


def linked(text):
    """Prose in which the first mention of each of the folder's own pages is a link."""
    return re.sub(r"(?<!\S)SOUNDNESS\.md", "[`SOUNDNESS.md`](SOUNDNESS.md)", text)


def state(theorem, claims, ledger):
    """Of a theorem: proved, in part, or open where a goal is not in the ledger."""
    own = [one for one in claims.values() if theorem["id"] in one["theorem"]]
    if not own:
        return "NOT PROVED"
    if not all(proved(need, ledger) for one in own for need in one["needs"]):
        return "OPEN: a goal is not in the ledger"
    return f"in part; NOT PROVED: {theorem['missing']}" if "open" in theorem else "proved"


def theorem_table(theorems, claims, ledger):
    """A row for each theorem of the design, then what is missing of those that lack something."""
    yield "| theorem | says | claims | state |\n| --- | --- | --- | --- |\n"
    for name, one in theorems.items():
        own = ", ".join(f"[`{claim}`](#{claim})" for claim, said in claims.items()
                        if name in said["theorem"])
        told = state(one, claims, ledger)
        told += f", [see below](#missing-of-{name})" if one.get("open") else ""
        yield f"| {one['title']} | {one['says']} | {own or '-'} | {told} |\n"
    yield STATES
    for name, one in theorems.items():
        if one.get("open"):
            yield f"## Missing of: {name}\n\n" + wrapped(linked(one["open"])) + "\n"


def place(definition):
    """A definition with a link to its file."""
    name = definition.file.rsplit("/", 1)[-1]
    return f"`{definition.name}` of [`{name}`](spec/{name})"


def long_table(checks, definitions, table, names):
    """A row for each clause, with what it demands and what it leads to."""
    yield "| | clause | demands | verdict | predicate |\n| --- | --- | --- | --- | --- |\n"
    for number, check in enumerate(checks, 1):
        row, known = table[check.clause], names[check.clause]
        status = f" {known.status}" if known.status else ""
        yield (f"| {number} | {row.id} | {known.text} | {row.verdict}{status} |"
               f" {place(definitions[check.by])} |\n")


def short_table(checks, definitions, table):
    """A row for each predicate, with its clauses in their order."""
    yield "| predicate | clauses, in their order |\n| --- | --- |\n"
    for name in dict.fromkeys(check.by for check in checks):
        ids = ", ".join(table[check.clause].id for check in checks if check.by == name)
        yield f"| {place(definitions[name])} | {ids} |\n"


def order_tables(definitions, parts, table, names):
    """The clauses of each decision, in the order of the checks."""
    for title, starts in CHAINS:
        missing = [start for start in starts if start not in definitions]
        if missing:
            raise EvidenceError(f"proofs/spec/: there is no {missing[0]}; correct CHAINS of "
                                "proofs/evidence/claims.py")
        checks = [check for start in starts for check in order.checks(start, definitions, parts)]
        yield f"### {title}\n\n"
        yield from (long_table(checks, definitions, table, names) if title == CHAINS[0][0]
                    else short_table(checks, definitions, table))
        yield "\n"


def goals(needs, known, ledger):
    """What carries a claim, one need after the other."""
    for need in needs:
        function, _, label = need.partition(":")
        row = ledger["functions"].get(function)
        if need == "*":
            total = sum(one["goals"] for one in ledger["functions"].values())
            yield f"every goal of the core ({total})"
        elif row is None:
            yield f"**open**: `{function}` is not in the ledger; `make prove`, then `make ledger`"
        elif label:
            yield f"`{known[function, label].goal}`"
        else:
            yield f"all {row['goals']} goals of `{function}`"


def section(claim, known, ledger):
    """One claim: its words, its contracts, its goals, its limits."""
    yield f"## {claim['id']}\n\n" + wrapped(claim["text"], "> ") + "\n"
    quoted = {}
    for need in claim["needs"]:
        function, _, label = need.partition(":")
        if label:
            quoted.setdefault(function, []).append(known[function, label])
    if quoted:
        yield "```c\n" + "\n".join(
            f"/* {clauses[0].file}, {function}() */\n" + "\n".join(one.text for one in clauses)
            for function, clauses in quoted.items()) + "\n```\n\n"
    carried = "; ".join(dict.fromkeys(goals(claim["needs"], known, ledger)))
    yield wrapped(f"**Carried by** {carried}.")
    yield "\n" + wrapped("**Limits.** " + linked(claim["limits"]))


def page(root, table, compiler="gcc"):
    """The text of proofs/CLAIMS.md. `table` is core/clauses/table.py."""
    theorems, claims = read(root / "proofs/claims.json")
    ledger = json.loads((root / "proofs/ledger.json").read_text(encoding="utf-8"))
    clauses = contracts.read(root)
    wrong = list(problems(theorems, claims, clauses, ledger))
    if wrong:
        raise EvidenceError("\n".join(wrong))
    definitions, parts = logic.read(root, compiler), logic.parser()[:2]
    rows = {table.as_name(row.id): row for row in table.read(root / "core")}
    names = {table.as_name(id): one for id, one in table.decided(root / "core").items()}
    text = HEAD + "".join(theorem_table(theorems, claims, ledger)) + EQUATION
    text += "".join(order_tables(definitions, parts, rows, names))
    known = labelled(clauses)
    return text + "\n".join("".join(section(one, known, ledger)) for one in claims.values())
