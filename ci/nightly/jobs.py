"""The jobs of a night: what each runs, how its time is shared, and what it must leave behind.

Seconds of `least` are what a job needs on two idle cores, with room; a fixed job that took longer
in an earlier night needs what it took then. A job with a weight makes use of more time, and gets a
share of what is left by it; one without takes what it takes. What a job leaves is read by
figures.py. `must`: a night in which it did not run is red.
"""
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.append(str(ROOT / "fuzz"))

import table  # noqa: E402

MAKE = ("make", "--no-print-directory")
STABLE = ("par1", "order", "seed1", "seed2", "seed3", "text")  # one a night, by its number
DAY_S = 86400

# What a part of a job takes on two cores, no less than was measured, to turn seconds into
# numbers of things; a job whose parts take longer is cut at its limit and keeps what it did.
FUZZ_START_S = 3  # of each entry, beside its own time; on a busy machine as many times as long
PLANT_S, PLANTS_START_S, PLANT_TIME = 45, 150, 20
MUTANT_S = 8
FAMILIES_FILE_S = 80
AUDIT_PROOF_S = 1800


@dataclass(frozen=True)
class Job:
    """`words` gives what stands behind `make` for a night and a share; `goes_on`: its tool keeps
    each part of its work, so that an end by the clock loses little, and is no failure."""
    name: str
    title: str
    words: object
    least: int
    most: int
    weight: int = 0
    must: bool = True
    goes_on: bool = False
    writes: str = ""
    locks: bool = False  # it takes the lock of build/ by itself

    def command(self, night, seconds):
        return (*MAKE, *self.words(night, seconds))


@dataclass(frozen=True)
class Night:
    """What a command may depend on: the day's number, the cores, the names of the plants, and how
    many times slower than an idle machine this one is."""
    day: int
    cores: int
    plants: tuple = ()
    busy: float = 1.0

    @property
    def seed(self):
        return self.day


def fixed(*words):
    return lambda _night, _seconds: words


def fuzz_time(night, seconds, most=1_000_000):
    """Seconds for each entry of the table, of those for all."""
    return max(1, min(most, int(seconds * night.cores / len(table.TABLE)
                            - FUZZ_START_S * night.busy)))


def fuzz(night, seconds):
    return "fuzz-all", f"TIME={fuzz_time(night, seconds)}"


def sample_of_plants(night, count):
    """So many of the plants, others every night until all had their turn."""
    if not night.plants:
        return ()
    count = min(count, len(night.plants))
    start = night.day * count % len(night.plants)
    return tuple(sorted((night.plants * 2)[start:start + count]))


def plants(night, seconds):
    count = max(1, (seconds - PLANTS_START_S) // PLANT_S)
    return ("plants", "TRIALS=1", f"TIME={PLANT_TIME}",
            "PLANT=" + " ".join(sample_of_plants(night, count)))


def mutants(night, seconds):
    return "mutants", f"SAMPLE={max(1, seconds // MUTANT_S)}", f"SEED={night.seed}"


def families(_night, seconds):
    return "families", f"MOST={max(1, seconds // FAMILIES_FILE_S)}"


def stable(night, _seconds):
    return "stable", f"ONLY={STABLE[night.day % len(STABLE)]}"


def audit(night, seconds):
    return "audit", "PDF=no", f"TIME={fuzz_time(night, seconds - AUDIT_PROOF_S, 60)}"


TABLE = (
    Job("build", "library and command as shipped",
        fixed("build/libupheld.a", "build/upheld"), 30, 600),
    Job("prove", "every goal of the core, from nothing",
        fixed("prove"), 900, 7200, writes="build/proofs.json"),
    Job("programs", "every target built for every engine and leg",
        fixed("fuzz-programs"), 300, 1800),
    Job("fuzz", "every target under every engine and leg",
        fuzz, 360, 8 * 3600, 50, writes="build/fuzz.json"),
    Job("corpus", "what was found joins the corpus where it reaches more",
        fixed("corpus"), 240, 3600),
    Job("coverage", "lines, branches and MC/DC by the corpus alone",
        fixed("coverage"), 90, 1200, writes="build/coverage.json"),
    Job("plants", "a sample of planted bugs is found",
        plants, 300, 3 * 3600, 10, goes_on=True),
    Job("bench", "speed against peers",
        fixed("bench", "MISSED=told"), 420, 1800, writes="build/bench.json"),
    Job("throughput", "inputs a second keep their floors",
        fixed("throughput"), 120, 1200),
    Job("machdep", "every goal of the core, for a machine of 32 bits",
        fixed("prove", "MACHDEP=gcc_x86_32"), 900, 7200, must=False,
        writes="build/proofs-gcc_x86_32.json"),
    Job("stable", "the proof under one other circumstance",
        stable, 1500, 7200, must=False, writes="build/stable.json"),
    Job("mutants", "a sample of small changes of the core, proved anew",
        mutants, 600, 4 * 3600, 20, must=False, goes_on=True, writes="build/mutants.json"),
    Job("families", "goals that two families of solvers close, file by file",
        families, 600, 4 * 3600, 10, must=False, goes_on=True),
    Job("families-check", "gate G10 on what was measured",
        fixed("families-check"), 60, 600, must=False),
    Job("report", "the audit's report, from a run of its own",
        audit, 2400, 3 * 3600, 5, writes="build/audit/audit.json", locks=True),
)
NAMES = tuple(job.name for job in TABLE)
