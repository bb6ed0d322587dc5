"""reduce.py: makes an input that fails shorter, as long as it fails in the same way.

libFuzzer's and afl-tmin's own reduction keep any crash, and so may end with another bug; here the
caller says what has to stay.
"""
import time


def without(octets, at, size):
    return octets[:at] + octets[at + size:]


def cut(octets, fails, deadline):
    """Takes out pieces, half of the input first and single octets last."""
    size = max(1, len(octets) // 2)
    while time.monotonic() < deadline:
        at, before = 0, len(octets)
        while at < len(octets) and time.monotonic() < deadline:
            shorter = without(octets, at, size)
            if fails(shorter):
                octets = shorter
            else:
                at += size
        if size == 1 and len(octets) == before:
            break
        size = max(1, size // 2)
    return octets


def plain(octets, fails, deadline):
    """Puts "a" for each octet that need not be what it is, so that what matters is seen."""
    for at, octet in enumerate(octets):
        if time.monotonic() >= deadline:
            break
        simpler = octets[:at] + b"a" + octets[at + 1:]
        if octet != ord("a") and fails(simpler):
            octets = simpler
    return octets


def reduce(octets, fails, seconds):
    """The shortest input found for which fails() holds, as it must for `octets` itself; gives it
    and whether there was time to try everything."""
    deadline = time.monotonic() + seconds
    octets = plain(cut(octets, fails, deadline), fails, deadline)
    return octets, time.monotonic() < deadline
