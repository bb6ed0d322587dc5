"""table.py: which target runs under which engine on which leg, and the settings of each."""
from dataclasses import dataclass

TARGETS = ("request", "response", "round_trip", "connect", "list", "access", "pieces",
           "accept")
ENGINES = ("libfuzzer", "afl")
LEGS = ("plain", "msan", "spec", "openssl", "eacsl")


@dataclass(frozen=True)
class Entry:
    target: str
    engine: str
    leg: str

    @property
    def name(self):
        return f"{self.target}-{self.engine}-{self.leg}"

    def __str__(self):
        return f"{self.target} {self.engine} {self.leg}"


TABLE = tuple(Entry(*row.split()) for row in (
    "request libfuzzer plain",
    "request afl plain",
    "request libfuzzer spec",
    "request afl spec",
    "request libfuzzer msan",
    "response libfuzzer plain",
    "response afl plain",
    "response libfuzzer spec",
    "response afl spec",
    "response libfuzzer msan",
    "round_trip libfuzzer plain",
    "round_trip afl plain",
    "round_trip libfuzzer spec",
    "round_trip afl spec",
    "round_trip libfuzzer msan",
    "connect libfuzzer plain",
    "connect afl plain",
    "connect libfuzzer spec",
    "connect afl spec",
    "connect libfuzzer msan",
    "list libfuzzer plain",
    "list afl plain",
    "list libfuzzer spec",
    "list afl spec",
    "list libfuzzer msan",
    "list libfuzzer eacsl",
    "access libfuzzer plain",
    "access afl plain",
    "access libfuzzer spec",
    "access afl spec",
    "access libfuzzer msan",
    "pieces libfuzzer plain",
    "pieces afl plain",
    "pieces libfuzzer spec",
    "pieces afl spec",
    "pieces libfuzzer msan",
    "accept libfuzzer openssl",
    "accept afl openssl",
))

# Replays of the corpus: sanitizer or leg, and the targets that have it.
REPLAYS = {
    "asan": TARGETS,
    "msan": ("request", "response", "round_trip", "connect", "list", "access", "pieces"),
    "eacsl": ("list",),
}

# Longest input that an engine makes. Contracts that quantify over octets cost the square of the
# length, so the E-ACSL leg keeps to short ones; accept reads one key of 24 octets at a time.
LENGTHS = {"eacsl": 128, "openssl": 96}


def find(target, engine, leg):
    """The entry, or a message that says what there is."""
    if target not in TARGETS:
        return None, f"TARGET={target}: expected one of {', '.join(TARGETS)}"
    if engine not in ENGINES:
        return None, f"ENGINE={engine}: expected one of {', '.join(ENGINES)}"
    leg = leg or ("openssl" if target == "accept" else "plain")
    if leg not in LEGS:
        return None, f"LEG={leg}: expected one of {', '.join(LEGS)}"
    entry = Entry(target, engine, leg)
    if entry not in TABLE:
        there = sorted({e.leg for e in TABLE if (e.target, e.engine) == (target, engine)})
        return None, f"{target} has no leg {leg} under {engine}: it has {', '.join(there)}"
    return entry, None
