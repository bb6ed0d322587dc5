"""From what was measured to rows, targets and what is printed. Measures nothing itself.

A sample is nanoseconds of processor time for one request, one for each round. Times are compared
as medians: over rounds, and for ours then over the layouts of the code, which alone move a time by
15 % and more.
"""
import json
import math
import os
from dataclasses import dataclass
from statistics import median

import inputs

OURS = {"handshake": "upheld", "accept": "upheld_accept"}
COUNTED = "gcc"  # the build whose figures count: gcc -O2, generic
BUILDS = {"gcc": "gcc -O2", "rooms": "gcc -O2, rooms", "clang": "clang -O2",
          "native": "gcc -O3 -march=native"}


@dataclass(frozen=True)
class Target:
    """Our time over a peer's on an input, at most `most`."""
    text: str
    subject: str
    peer: str
    input: str
    most: float
    aim: float = None


TARGETS = (
    Target("half of http-parser with OpenSSL fetched once", "upheld", "http-parser+evp_fetched",
           "mix", 0.50),
    Target("no slower than the best composed by hand", "upheld", "phr+sha1_init", "mix", 1.00,
           0.80),
    Target("a sixth of Boost.Beast", "upheld", "beast", "mix", 0.17),
    Target("the accept value against SHA1()", "upheld_accept", "sha1+encodeblock", "key", 0.45),
    Target("the accept value against EVP fetched once", "upheld_accept", "evp_fetched+encodeblock",
           "key", 1.00),
)
LINEAR_MOST = 1.10


@dataclass
class Measured:
    """Samples of one subject on one input, in one program."""
    name: str
    kind: str
    input: str
    build: str
    layout: int
    samples: list


def shown_name(name, build):
    """Ours carries its build behind the name, but for the one that counts."""
    return name if build in ("", COUNTED) else f"{name} ({BUILDS[build]})"


def rows(measured, instructions):
    """One row for each subject and input: what bench.json holds. `instructions` has those for one
    request, by program's build, subject and input."""
    groups = {}
    for one in measured:
        groups.setdefault((one.build, one.name, one.input), []).append(one)
    made = []
    for (build, name, given), ones in groups.items():
        medians = [median(one.samples) for one in ones]
        made.append({
            "name": shown_name(name, build), "input": given, "kind": ones[0].kind,
            "build": BUILDS.get(build, "peer"), "ns_median": round(median(medians), 1),
            "ns_min": round(min(min(one.samples) for one in ones), 1),
            "ns_max": round(max(max(one.samples) for one in ones), 1),
            "instructions": instructions.get((build, name, given)),
            "layouts": len(ones), "ns_layouts": sorted(round(one, 1) for one in medians),
            "ratio_to": {}})
    peers = [row for row in made if row["build"] == "peer"]
    for row in made:
        if row["build"] != "peer":
            row["ratio_to"] = {
                peer["name"]: round(row["ns_median"] / peer["ns_median"], 3) for peer in peers
                if (peer["input"], peer["kind"]) == (row["input"], row["kind"])}
    return made


def linear(instructions, sizes):
    """For each shape, instructions for an octet of what fills a head up: those of the head without
    it are taken off, since a fixed price is no growth. `instructions` by name of input."""
    made = []
    for shape in inputs.SHAPES:
        points = []
        for kib in inputs.KIBS:
            name = f"{shape}-{kib}k"
            octets = sizes[name] - sizes["base"]
            points.append({
                "octets": sizes[name], "instructions": instructions[name],
                "per_octet": round(instructions[name] / sizes[name], 3),
                "per_octet_filled": round((instructions[name] - instructions["base"]) / octets, 3)})
        rates = [point["per_octet_filled"] for point in points]
        spread = round(max(rates) / min(rates), 3) if min(rates) > 0 else float("inf")
        slope, fixed = line_above([{"octets": sizes["base"], "instructions": instructions["base"]},
                                   *points], max(rates))
        made.append({"shape": shape, "points": points, "spread": spread, "most": LINEAR_MOST,
                     "A": slope, "B": fixed, "reached": spread <= LINEAR_MOST})
    return made


def line_above(points, slope):
    """A and B, so that no point has more than A * octets + B instructions: the slope that is given,
    and the least B in whole instructions."""
    return slope, max(math.ceil(one["instructions"] - slope * one["octets"]) for one in points)


def judged(made):
    """Every target with its ratio; a ratio that was not measured is a target not reached."""
    ratios = {(row["name"], row["input"]): row["ratio_to"] for row in made}
    for target in TARGETS:
        ratio = ratios.get((target.subject, target.input), {}).get(target.peer)
        yield {"target": target.text, "ours": target.subject, "peer": target.peer,
               "input": target.input, "ratio": ratio, "most": target.most, "aim": target.aim,
               "reached": ratio is not None and ratio <= target.most}


def missed(targets, shapes):
    """One line for each target that was not reached."""
    for one in targets:
        if not one["reached"]:
            got = "was not measured" if one["ratio"] is None else f"took {one['ratio']:.3f}"
            yield (f"missed: {one['ours']} on {one['input']} {got} of {one['peer']}; expected at "
                   f"most {one['most']:.2f}")
    for one in shapes:
        if not one["reached"]:
            yield (f"missed: {one['shape']}: instructions for an octet spread by "
                   f"{one['spread']:.3f} from {inputs.KIBS[0]} to {inputs.KIBS[-1]} KiB; expected "
                   f"at most {one['most']:.2f}")


def count_text(count):
    return "-" if count is None else f"{count:,.0f}".replace(",", " ")


def table(made, given):
    """The rows of one input as text, ours first, then by time."""
    here = [row for row in made if row["input"] == given]
    counts = {row["name"]: row for row in here if row["build"] == BUILDS[COUNTED]}
    yield (f"{given:38} {'ns':>8} {'min':>8} {'max':>8} {'ours/peer':>10} {'instructions':>13} "
           f"layouts")
    for row in sorted(here, key=lambda row: (row["build"] == "peer", row["ns_median"])):
        ratio = next((ours["ratio_to"].get(row["name"]) for ours in counts.values()), None)
        layouts = row["ns_layouts"]
        spread = ""
        if len(layouts) > 1:
            spread = f"{len(layouts)}: {layouts[0]:.0f} to {layouts[-1]:.0f}"
        yield (f"  {row['name']:36} {row['ns_median']:8.1f} {row['ns_min']:8.1f} "
               f"{row['ns_max']:8.1f} {'' if ratio is None else f'{ratio:.3f}':>10} "
               f"{count_text(row['instructions']):>13} {spread}").rstrip()


def linear_table(shapes):
    head = "".join(f"{kib:>7} KiB" for kib in inputs.KIBS)
    yield f"{'instructions for an octet filled in':38}{head}   spread"
    for one in shapes:
        rates = "".join(f"{point['per_octet_filled']:11.2f}" for point in one["points"])
        yield f"  {one['shape']:36}{rates}   {one['spread']:6.3f}"
    yield "  (and for any octet of the whole handshake)"
    for one in shapes:
        rates = "".join(f"{point['per_octet']:11.2f}" for point in one["points"])
        yield f"  {one['shape']:36}{rates}"
    yield "  (n octets took at most A * n + B; what was counted, not a theorem)"
    for one in shapes:
        yield f"  {one['shape']:36}   A = {one['A']:.2f}, B = {count_text(one['B'])}"


def target_table(targets, shapes):
    yield f"{'target':60} {'ratio':>7} {'at most':>8}"
    for one in targets:
        word = "reached" if one["reached"] else "MISSED"
        if one["aim"] and one["reached"]:
            word += f", the aim of {one['aim']:.2f} " + (
                "too" if one["ratio"] <= one["aim"] else "not")
        ratio = "-" if one["ratio"] is None else f"{one['ratio']:.3f}"
        yield f"  {one['target'] + ', ' + one['input']:58} {ratio:>7} {one['most']:8.2f}  {word}"
    for one in shapes:
        word = "reached" if one["reached"] else "MISSED"
        text = f"as much for an octet at 1 as at 64 KiB, {one['shape']}"
        yield f"  {text:58} {one['spread']:7.3f} {one['most']:8.2f}  {word}"


def write_json(path, value):
    """Whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(value, indent=1) + "\n")
    os.replace(new, path)
