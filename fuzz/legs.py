"""legs.py: every way in which one input of a target can be run again.

A leg that has a replay program is run by it; what is checked under an engine alone, as the
specification is, by libFuzzer's program, which runs a file that it is given.
"""
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import table

NAMES = {"asan": "ASan+UBSan", "msan": "MSan", "eacsl": "E-ACSL+ASan", "spec": "specification"}
# Legs of engines that check what a replay checks under another name.
AS_REPLAY = {"plain": "asan", "openssl": "asan"}


@dataclass(frozen=True)
class Leg:
    name: str
    program: Path

    def __str__(self):
        return NAMES.get(self.name, self.name)


def replay_program(build, target, leg):
    return build / "fuzz" / "bin" / f"{target}-replay-{leg}"


def legs_of(build, target):
    """The legs of a target, those with a replay first."""
    replays = [leg for leg in table.REPLAYS if target in table.REPLAYS[leg]]
    found = [Leg(leg, replay_program(build, target, leg)) for leg in replays]
    for entry in table.TABLE:
        done = AS_REPLAY.get(entry.leg, entry.leg) in replays
        if entry.target == target and entry.engine == "libfuzzer" and not done:
            found.append(Leg(entry.leg, build / "fuzz" / "bin" / entry.name))
    return found


def build_programs(make, paths):
    """Whether all could be built; what make says is seen."""
    done = subprocess.run([*shlex.split(make), *map(str, paths)], check=False)
    return done.returncode == 0


def build_command(make, build):
    """The command `upheld`, for verdicts; fuzz.mk alone cannot build it, and then it is done
    without."""
    subprocess.run([*shlex.split(make), str(build / "upheld")], check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
