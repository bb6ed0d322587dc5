"""origin.py: which version and commit the files are, and when it was made.

In a checkout git says so. In an archive the file `origin` does: git archive and release.py both
write commit and time into it.
"""
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
RECORD = "core/dist/origin"


@dataclass(frozen=True)
class Origin:
    commit: str  # 40 digits; with `-dirty` where files differ from it; or `unknown`
    time: int    # seconds since 1970 of the commit


def git(root, *arguments):
    """What git prints, without the last line end; None where it cannot say."""
    try:
        ran = subprocess.run(("git", "-C", str(root), *arguments), capture_output=True, check=False)
    except OSError:
        return None
    return ran.stdout.decode().rstrip("\n") if ran.returncode == 0 else None


def is_checkout(root):
    """Whether git knows this folder itself, and not only one around it."""
    return (root / ".git").exists() and git(root, "rev-parse", "HEAD") is not None


def origin(root=ROOT):
    if is_checkout(root):
        commit, time = git(root, "log", "-1", "--format=%H %ct").split()
        dirty = "-dirty" if git(root, "status", "--porcelain") else ""
        return Origin(commit + dirty, int(time))
    words = (root / RECORD).read_text().split()
    if len(words) == 2 and re.fullmatch(r"[0-9a-f]{40}(-dirty)?", words[0]):
        return Origin(words[0], int(words[1]))
    return Origin("unknown", int(os.environ.get("SOURCE_DATE_EPOCH", "0")))


def version(root=ROOT):
    """UPHELD_VERSION of upheld.h, the one place where it stands."""
    header = root / "core/upheld.h"
    found = re.search(r'^#define UPHELD_VERSION "(\d+\.\d+\.\d+)"$', header.read_text(), re.M)
    if not found:
        raise SystemExit(f'{header}: expected a line #define UPHELD_VERSION "N.N.N"')
    return found[1]
