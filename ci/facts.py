"""Where and on what a run happened: commit, machine, versions of the tools."""
import hashlib
import os
import platform
import re
import shutil
import subprocess
import time

import layout

# Program, and the arguments that make it say its version. The order is that of the report.
TOOLS = (
    ("gcc", "--version"), ("clang-19", "--version"), ("clang-14", "--version"),
    ("afl-fuzz", "-h"), ("build/honggfuzz/honggfuzz", "--version"), ("frama-c", "-version"),
    ("why3", "--version"), ("z3", "--version"),
    ("cvc4", "--version"), ("cvc5", "--version"), ("openssl", "version"),
    ("llvm-cov-19", "--version"), ("clang-format-19", "--version"),
    ("clang-tidy-19", "--version"), ("cppcheck", "--version"), ("make", "--version"),
    ("/usr/bin/python3", "--version"))


def utc(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def output(*command, root=None, any_exit=False):
    """What a command prints, or None if it cannot run or fails."""
    try:
        ran = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=20,
                             stdin=subprocess.DEVNULL, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    ended_well = any_exit or ran.returncode == 0
    return (ran.stdout or ran.stderr).strip() if ended_well else None


def commit(root):
    """The commit checked out, and whether files differ from it; both None without git."""
    head = output("git", "rev-parse", "HEAD", root=root)
    status = output("git", "status", "--porcelain", root=root)
    return {"commit": head, "dirty": None if head is None else bool(status)}


def fingerprint(root):
    """SHA-256 over names and contents of all files that are checked in or would be."""
    digest = hashlib.sha256()
    for name in layout.tracked(root):
        data = hashlib.sha256((root / name).read_bytes()).hexdigest()
        digest.update(f"{data}  {name}\n".encode())
    return digest.hexdigest()


def version(program, argument):
    if not shutil.which(program):
        return None
    said = output(program, argument, any_exit=True)  # afl-fuzz has no option that only tells it
    lines = [line.strip() for line in (said or "").splitlines() if re.search(r"\d\.\d", line)]
    return re.sub(r"\x1b\[[0-9;]*m", "", lines[0])[:100] if lines else "says no version"


def versions():
    return [{"tool": os.path.basename(program), "version": version(program, argument)}
            for program, argument in TOOLS]


def field(path, key):
    try:
        with open(path, encoding="utf-8") as file:
            for line in file:
                name, _, value = line.partition(":" if ":" in line else "=")
                if name.strip() == key:
                    return value.strip().strip('"')
    except OSError:
        pass
    return "unknown"


def machine():
    memory = field("/proc/meminfo", "MemTotal").split()
    gib = int(memory[0]) / 1024 ** 2 if memory[0].isdigit() else 0
    return {"system": field("/etc/os-release", "PRETTY_NAME"), "kernel": platform.release(),
            "architecture": platform.machine(), "cpu": field("/proc/cpuinfo", "model name"),
            "cores": len(os.sched_getaffinity(0)), "memory_gib": round(gib, 1)}
