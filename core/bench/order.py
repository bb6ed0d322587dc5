#!/usr/bin/python3
"""Prints the sections of functions in the objects, in an order that the seed decides, for gold's
--section-ordering-file: where functions lie moves their speed, whatever is in them.

    order.py SEED OBJECT...
"""
import random
import re
import subprocess
import sys


def main(arguments):
    if len(arguments) < 2 or not arguments[0].isdigit():
        print("order.py: usage: order.py SEED OBJECT...", file=sys.stderr)
        return 2
    listed = subprocess.run(["readelf", "--sections", "--wide", *arguments[1:]], check=True,
                            capture_output=True, text=True).stdout
    names = sorted(set(re.findall(r"\] (\.text\.\S+) +PROGBITS", listed)))
    if not names:
        print("order.py: no function has a section of its own; expected objects that were "
              "compiled with -ffunction-sections", file=sys.stderr)
        return 2
    random.Random(int(arguments[0])).shuffle(names)
    print("\n".join(names))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
