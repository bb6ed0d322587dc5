#!/usr/bin/python3
"""Everything that the project can do on one machine in a night, within HOURS, and what changed.

    ci/nightly [--hours 8] [--only JOB,...] [--list] [--root DIR]

Shares the time out over its jobs, runs them one by one, and keeps one JSON a night in
build/history/, which night.schema.json describes. Stopped or killed, the same command goes on with
the same night of the same commit. Logs: build/nightly/JOB.log. Exit 0: all holds, and nothing got
worse; 1: not, with a line `RED` for each cause; 2: it could not run; 130: interrupted.
"""
import argparse
import os
import sys
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import arguments  # noqa: E402
import lock  # noqa: E402
import steps  # noqa: E402

MOST_HOURS = 48


def hours_of(text):
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= MOST_HOURS:
        raise argparse.ArgumentTypeError(f"'{text}': expected more than 0 and at most {MOST_HOURS} "
                                         "(HOURS=8)")
    return hours


def names_of(text):
    import jobs
    names = [name for name in text.split(",") if name]
    unknown = [name for name in names if name not in jobs.NAMES]
    if unknown:
        raise argparse.ArgumentTypeError(f"'{unknown[0]}': expected some of "
                                         f"{', '.join(jobs.NAMES)} (ONLY=fuzz,coverage)")
    return [name for name in jobs.NAMES if name in names]


def parse():
    parser = arguments.Parser(prog="nightly", description=__doc__,
                              usage="ci/nightly [--hours 8] [--only JOB,...] [--list] [--root DIR]")
    parser.add_argument("--hours", type=hours_of, default=8.0)
    parser.add_argument("--only", type=names_of, default=[])
    parser.add_argument("--list", action="store_true", help="the jobs, and what each needs")
    parser.add_argument("--root", type=Path, default=HERE.parent.parent)
    return parser.parse_args()


def tell(night, notes):
    """What changed, one line for each; each cause; the count."""
    for note in notes:
        print(f"note    {note}")
    for area, since in night["since"].items():
        print(f"since   {area}: " + (since or "no earlier night that can be compared"))
    for line in night["changes"]:
        print(f"change  {line}")
    for cause in night["causes"]:
        print(f"RED     {cause['text']}" + (" (as the night before)" if cause["before"] else ""))
    skipped = sum(row["state"] == "skipped" for row in night["jobs"])
    only = f", of the jobs {', '.join(night['only'])} alone" if night["only"] else ""
    print(f"nightly: {night['verdict']}{only}: {night['seconds'] / 3600:.2f} of {night['hours']:g} "
          f"hours, {skipped} skipped; see build/history/{night['night']}.json")
    passed = sum(row["state"] == "passed" for row in night["jobs"])
    print(f"{passed} passed, {len(night['causes'])} failed", flush=True)
    return 1 if night["causes"] else 0


def show_jobs():
    import jobs
    for job in jobs.TABLE:
        print(f"{job.name:15} {'must' if job.must else 'may ':4} {job.least:5} s at least, "
              f"{job.most:6} s at most, weight {job.weight:2}: {job.title}")
    return 0


def run(options):
    import night as nights
    root = Path(".")
    with lock.held(root / "build/history", "nightly"):
        one = nights.Night(root, options.hours, options.only)
        one.begin()
        try:
            return tell(one.run(), one.notes)
        except KeyboardInterrupt:
            print("\nnightly: interrupted; what was done is kept, and the same command goes on",
                  file=sys.stderr)
            return 130


def main():
    options = parse()
    if options.list:
        return show_jobs()
    os.chdir(options.root)
    # ONLY= and such are for the night, and not for the verbs that it runs.
    os.environ.pop("MAKEFLAGS", None)
    steps.install_signals()
    import night as nights
    try:
        return run(options)
    except lock.Busy as busy:
        print(f"nightly: {busy}".replace("build/history/", "this checkout"), file=sys.stderr)
    except nights.Refused as refused:
        print(f"nightly: {refused}", file=sys.stderr)
    except OSError as error:
        print(f"nightly: {error.filename or 'build/history'}: {error.strerror}; the history is as "
              "it was; make room, and the same command goes on", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 2


if __name__ == "__main__":
    sys.exit(main())
