"""table.py: which target runs under which engine on which leg, and the settings of each."""
from dataclasses import dataclass
from pathlib import Path

# These read octets, and are compared with the specification.
READERS = ("request", "head", "offer", "extension", "answer", "policy", "response", "round_trip",
           "connect", "list", "access", "pieces")
# What request and response are about, each input decided once, for speed.
ONCE = ("handshake", "reply")
TARGETS = (*READERS, *ONCE, "accept")
ENGINES = ("libfuzzer", "afl", "honggfuzz")
LEGS = ("plain", "msan", "spec", "openssl", "eacsl", "cmplog")
EACSL = ("list", "accept", *ONCE)
CMPLOG = ("request", "response", "connect")  # words long enough to be worth its time


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


TABLE = (
    *(Entry(target, engine, leg) for target in READERS
      for engine, leg in (("libfuzzer", "plain"), ("afl", "plain"), ("libfuzzer", "spec"),
                          ("afl", "spec"), ("libfuzzer", "msan"), ("honggfuzz", "plain"))),
    *(Entry(target, "afl", "cmplog") for target in CMPLOG),
    *(Entry(target, "libfuzzer", "eacsl") for target in EACSL),
    *(Entry(target, "libfuzzer", leg) for target in ONCE for leg in ("plain", "spec")),
    Entry("accept", "libfuzzer", "openssl"),
    Entry("accept", "afl", "openssl"),
    # Parsers of others beside the core: libraries without sanitizers, so under one engine.
    Entry("peers", "libfuzzer", "plain"),
)

# Replays of the corpus: sanitizer or leg, and the targets that have it.
REPLAYS = {
    "asan": TARGETS,
    "msan": READERS,
    "eacsl": EACSL,
}

# Longest input that an engine makes. Contracts that quantify over octets cost the square of the
# length, so an E-ACSL leg keeps to short ones; accept reads one key of 24 octets at a time; those
# for speed have policies of small limits, and keep to heads that are as short, on any leg.
LENGTHS = {"eacsl": 64, "openssl": 96, **dict.fromkeys(ONCE, 512)}

# The mutator as AFL++ loads it, beside the programs; libFuzzer's programs hold it.
AFL_MUTATOR = "mutator-afl.so"

# Targets that have no fuzz/TARGET.dict because they read what another one reads.
SAME_DICTIONARY = {"head": "request", "handshake": "request", "reply": "response",
                   "peers": "request"}
# Targets that start from the seeds of another one, and add none to them.
SAME_CORPUS = {"peers": "request"}


def find(target, engine, leg):
    """The entry, or a message that says what there is."""
    targets = tuple(dict.fromkeys(entry.target for entry in TABLE))
    if target not in targets:
        return None, f"TARGET={target}: expected one of {', '.join(targets)}"
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


def length(target, leg):
    """Longest input of a target on a leg; None if the engine is free."""
    return LENGTHS.get(target) or LENGTHS.get(leg)


def corpus(target):
    """The folder with the seeds of a target."""
    return Path("corpus") / SAME_CORPUS.get(target, target)


def dictionary(target):
    """Where the dictionary of a target is, if it has one."""
    return Path("fuzz") / f"{SAME_DICTIONARY.get(target, target)}.dict"
