"""proving.py: the proof as a means: each function that a plant changes is proved anew, by what the
mutants are proved with, until a goal falls.

Each is first proved as it stands, which is kept in build/plants/proof/ and not counted; then with
the plant, by the attempts that it took as it stands. Goals that the plant does not change come from
a cache of proved ones. A goal that falls has to fall under every prover at full length too, or it
counts as proved: that it took longer is no bug. Seconds are those until the goal falls, `certain_s`
those until the second opinion says so as well.
"""
import functools
import json
import re
import time

import changes
import tree as trees
from mutants import anew, copies, proof
from wp import framac, toolchain

versions = functools.cache(toolchain.versions)

CRASHED = "Failed"  # WP's word, behind the prover's name, where it gave no answer
LOOKED = re.compile(rf"\b(?:{'|'.join(toolchain.FAMILIES)}) (?:Timeout|Unknown|Step)")  # and did


class Proving:
    """A copy of the core for Frama-C, and what is known of the functions as they stand."""

    def __init__(self, root, work, prover=None, users=None):
        self.sha256 = trees.proof_fingerprint(root)  # taken before the copy is
        folder = work / "proof"
        folder.mkdir(parents=True, exist_ok=True)
        self.anew = anew.Anew(folder, json.dumps(versions(), sort_keys=True))
        self.prover = prover or proof.Prover(copies.Copy(folder / "tree"),
                                             toolchain.environment(folder / "why3"), folder)
        self.users = users or copies.users()

    def verdict(self, one, contents):
        """The verdict on one function with the plant, and the seconds until a goal fell and until
        that was certain."""
        unit = framac.Unit(toolchain.ROOT / one.file)
        left = self.anew.baseline(self.prover, unit, one.function)
        with anew.standing(self.prover.copy, contents):
            started = time.monotonic()
            found = self.prover.mutant(unit, one.function, left)
            fell = time.monotonic() - started
            if found.state == "fell":
                found = self.prover.in_full(unit, one.function, left)
            if CRASHED in found.answer and not LOOKED.search(found.answer):
                raise toolchain.ProofError(f"{one.file}: {one.function}(): {found.goal}: no prover "
                                           f"answered, which shows nothing: {found.answer}")
            return found, fell, time.monotonic() - started

    def measure(self, contents):
        """Whether a goal falls where these texts stand in the core, and after which time."""
        total, chosen = 0.0, changes.to_prove(contents, self.users)
        for one in chosen:
            found, fell, certain = self.verdict(one, contents)
            if found.state == "refused":
                raise trees.Broken(f"the proof: {one.file}: {one.function}(): Frama-C refuses the "
                                   f"core with the plant, which shows nothing: {found.answer}")
            if found.state == "fell":
                return {"found": True, "seconds": round(total + fell, 2),
                        "certain_s": round(total + certain, 2), "function": one.function,
                        "goal": found.goal, "why": f"{found.goal or 'a goal'} of {one.function}(): "
                                                   f"{found.answer}"}
            total += certain
        return {"found": False, "seconds": round(total, 2),
                "why": "every goal proved of " + ", ".join(f"{one.function}()" for one in chosen)}


def measure(tree, patch):
    """The proof of the functions that a patch changes, in a tree where it is planted."""
    try:
        if tree.proving is None:
            tree.proving = Proving(tree.root, tree.work)
        contents = {name: (tree.path / name).read_text(encoding="utf-8") for name in patch.files}
        return {**tree.proving.measure(contents), "proof_sha256": tree.proving.sha256,
                "versions": versions()}
    except (toolchain.ProofError, changes.Unknown) as error:
        raise trees.Broken(f"the proof: {error}") from error


def is_current(result):
    """Whether a result is of the tools as they are; that of what the tree holds is no other is
    seen to where results are read."""
    return result["versions"] == versions()
