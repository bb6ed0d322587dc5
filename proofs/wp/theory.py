"""Laws given to the solvers (proofs/why3/*.mlw): which they are, and whether they hold of words."""

import pathlib
import re
import tempfile

from . import framac, toolchain

LAW = re.compile(r"^\s*axiom\s+(\w+)\s*:\s*forall\s+([\w ]+?)\s*:\s*int\s*\[[^\]]*\]\.\s*(.+?)\s*$")
BEGINS = re.compile(r"^\s*(axiom|lemma|goal|function|predicate|constant|val|inductive)\b")
OPERATORS = {"land": "bvand", "lor": "bvor", "lxor": "bvxor"}
WIDTHS = (1, 32, 64)


def theory_of(driver):
    """The theory file that a driver loads, beside it."""
    text = driver.read_text(encoding="utf-8")
    match = re.search(r'why3\.file\s*\+=\s*"([\w.]+):(\w+)"', text)
    if not match:
        raise toolchain.ProofError(f"{framac.relative(driver)}: expected a why3.file line")
    return driver.parent / match[1]


def laws(path):
    """(name, variables, left, right) of each law; anything else in the file is an error."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not BEGINS.match(line):
            continue
        match = LAW.match(line)
        sides = match[3].split(" = ") if match else []
        if len(sides) != 2:
            raise toolchain.ProofError(f"{framac.relative(path)}:{number}: expected `axiom NAME: "
                                       "forall x y:int [trigger]. LEFT = RIGHT` on one line")
        found.append((match[1], match[2].split(), *sides))
    return found


def term(text):
    """A Why3 term of land, lor, lxor and variables as SMT-LIB over bit vectors."""
    tokens = re.findall(r"\w+|[()]", text)

    def atom():
        token = tokens.pop(0)
        if token != "(":
            return token
        inside = application()
        tokens.pop(0)
        return inside

    def application():
        head = atom()
        if head not in OPERATORS:
            return head
        return f"({OPERATORS[head]} {atom()} {atom()})"

    return application()


def query(law, width):
    """SMT-LIB that is unsatisfiable if the law holds of all words of so many bits."""
    _, variables, left, right = law
    declared = "\n".join(f"(declare-const {name} (_ BitVec {width}))" for name in variables)
    return (f"(set-logic QF_BV)\n{declared}\n"
            f"(assert (not (= {term(left)} {term(right)})))\n(check-sat)\n")


def holds(law, width):
    """What Z3 and cvc5 say, as a sentence if a law does not hold."""
    with tempfile.TemporaryDirectory(prefix="upheld-law-") as directory:
        path = pathlib.Path(directory) / "law.smt2"
        path.write_text(query(law, width), encoding="utf-8")
        said = {tool[0]: toolchain.run([*tool, str(path)]).stdout.strip()
                for tool in (["z3", "-T:20"], ["cvc5", "--tlimit=20000"])}
    return [f"{law[0]}, {width} bits: {tool} says {answer or 'nothing'}, expected unsat"
            for tool, answer in said.items() if answer != "unsat"]


def check(drivers):
    """GT: laws in the theories of these drivers that do not hold."""
    told = []
    for driver in drivers:
        path = theory_of(toolchain.ROOT / driver)
        for law in laws(path):
            for width in WIDTHS:
                told += [f"{framac.relative(path)}: {line}" for line in holds(law, width)]
    return told


def report(drivers):
    """solver_theories of build/proofs.json."""
    return [{"name": f"{framac.relative(theory_of(toolchain.ROOT / driver))}: {law[0]}",
             "reason": f"{law[2]} = {law[3]}; WP gives it to Alt-Ergo alone",
             "checked_by": "bit-vector queries of 1, 32 and 64 bits to Z3 and cvc5 (gate GT)"}
            for driver in drivers for law in laws(theory_of(toolchain.ROOT / driver))]
