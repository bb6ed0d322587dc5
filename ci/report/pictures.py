"""The report's pictures, drawn from the same figures as its tables, as SVG for the page itself."""
import io
import math
import re

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot as plt  # noqa: E402 (the backend comes first)

INK, GRID, GOOD, OPEN = "#1c2530", "#d5dae0", "#1f6f5c", "#b3261e"
BLUE, SAND, SKY = "#24527a", "#b7791f", "#7fa7c9"
NAMED = {INK: "--ink", GRID: "--line", GOOD: "--good", OPEN: "--bad", BLUE: "--blue",
         SAND: "--sand", SKY: "--sky"}
WIDTH = 8.6
plt.rcParams.update({
    "svg.fonttype": "none", "svg.hashsalt": "upheld", "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"], "font.size": 9, "text.color": INK,
    "axes.edgecolor": GRID, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK,
    "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False,
    "axes.axisbelow": True, "figure.facecolor": "none", "axes.facecolor": "none"})


def svg(figure, name, told):
    """The figure as an <svg> element that says in words what it shows."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    text = out.getvalue()
    text = text[text.index("<svg"):]
    # Ids are made unique to the picture: several pictures stand in one page.
    text = re.sub(r'(\bid="|url\(#|xlink:href="#)', rf"\g<1>{name}-", text)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    # Named colours of the page, so that a picture is readable in the dark too.
    text = re.sub(r"(fill|stroke): (#[0-9a-f]{6})", lambda at: f"{at[1]}: " + (
        f"var({NAMED[at[2]]}, {at[2]})" if at[2] in NAMED else at[2]), text)
    told = told.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", text, count=1)
    return text.replace("<svg", f'<svg role="img" aria-label="{told}"', 1).strip()


def rows_of(rows):
    """Axes for so many rows, the first on top."""
    figure, axes = plt.subplots(figsize=(WIDTH, 0.85 + 0.25 * rows), layout="constrained")
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.tick_params(length=0)
    axes.set_ylim(rows - 0.5, -0.5)
    return figure, axes


def legend(axes, columns):
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncol=columns, frameon=False,
                borderaxespad=0.1, handlelength=1.1, columnspacing=1.4)


def share(part):
    return 100 * part["covered"] / part["total"] if part["total"] else None


def coverage(value):
    """Share of lines, branches and conditions reached, by file: one mark each on one line."""
    files = value["files"]
    figure, axes = rows_of(len(files))
    kinds = (("lines", "lines", SKY, "o"), ("branches", "branches", BLUE, "s"),
             ("mcdc", "MC/DC", SAND, "D"))
    for at, row in enumerate(files):
        seen = [share(row[kind]) for kind, *_ in kinds if share(row[kind]) is not None]
        if seen:
            axes.plot([min(seen), max(seen)], [at, at], color=GRID, linewidth=3, zorder=1)
    for offset, (kind, label, color, mark) in zip((-0.16, 0, 0.16), kinds):
        places = [(share(row[kind]), at + offset) for at, row in enumerate(files)
                  if share(row[kind]) is not None]
        if places:
            axes.scatter(*zip(*places), s=34, color=color, marker=mark, label=label, zorder=2)
    axes.set_yticks(range(len(files)), [row["file"] for row in files])
    axes.set_xlim(0, 102)
    axes.set_xlabel("percent reached by the checked-in corpus alone")
    legend(axes, 3)
    told = "; ".join(f"{row['file']}: " + ", ".join(
        f"{label} {share(row[kind]):.0f} %" for kind, label, *_ in kinds
        if share(row[kind]) is not None) for row in files)
    return svg(figure, "coverage", "Coverage by file. " + told)


def short(number):
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:.1f} {unit}"
    return str(number)


def executions(rows):
    """Executions of each target, engine and leg; logarithmic, for they differ by thousands."""
    figure, axes = rows_of(len(rows))
    colors = {"libfuzzer": BLUE, "afl": SAND, "honggfuzz": SKY}
    marks = {"libfuzzer": "o", "afl": "D", "honggfuzz": "v"}
    for engine in sorted({row["engine"] for row in rows}, reverse=True):
        places = [(max(row["execs"], 1), at, OPEN if row["crashes"] else colors.get(engine, SKY))
                  for at, row in enumerate(rows) if row["engine"] == engine]
        across, down, shades = zip(*places)
        axes.scatter(across, down, s=44, color=shades, marker=marks.get(engine, "s"), label=engine)
    for at, row in enumerate(rows):
        axes.annotate(short(row["execs"]), (max(row["execs"], 1), at), xytext=(8, 0),
                      textcoords="offset points", va="center", fontsize=8)
    axes.set_xscale("log")
    axes.minorticks_off()
    counts = [max(row["execs"], 1) for row in rows]
    axes.set_xlim(10 ** int(math.log10(min(counts))) / 1.5, max(counts) * 6)
    axes.set_yticks(range(len(rows)), [f"{row['target']}, {row['leg']}" for row in rows])
    axes.set_xlabel("executions (each step on the axis is ten times the last)")
    legend(axes, 3)
    told = "; ".join(f"{row['target']} {row['engine']} {row['leg']}: {row['execs']}"
                     for row in rows)
    return svg(figure, "executions", "Executions. " + told)


def goal_parts(value):
    """How each goal was closed: (label, number, color), in the order of the bar."""
    if value["two_families"] is None:
        solved = [("a solver", value["proved"] - value["qed"], GOOD)]
    else:
        solved = [("two solver families", value["two_families"], GOOD),
                  ("one solver family", value["one_family"], SAND)]
    parts = [("Qed, by simplification", value["qed"], SKY), *solved,
             ("open", value["goals"] - value["proved"], OPEN)]
    return [part for part in parts if part[1] > 0]


def goals(value):
    """One bar: all goals of the core, by what closed them."""
    figure, axes = rows_of(1)
    at = 0
    parts = goal_parts(value)
    for label, number, color in parts:
        axes.barh(0, number, left=at, height=0.8, color=color, label=f"{label}: {number}")
        at += number
    axes.set_yticks([])
    axes.set_xlim(0, max(value["goals"], 1))
    axes.set_xlabel("goals")
    legend(axes, len(parts))
    return svg(figure, "goals", "Goals by what closed them. " + "; ".join(
        f"{label}: {number}" for label, number, _ in parts))


def surviving(trials):
    """Kaplan and Meier's estimate: (seconds, share not found yet) where it steps."""
    left, share_left, points = len(trials), 1.0, [(0.0, 1.0)]
    for trial in sorted(trials, key=lambda one: (one["seconds"], not one["found"])):
        if trial["found"]:
            share_left *= 1 - 1 / left
            points.append((trial["seconds"], share_left))
        left -= 1
    return points + [(max(one["seconds"] for one in trials), share_left)]


def tries(result):
    """The trials of an engine, or the one try of the proof."""
    return result["trials"] if "trials" in result else [result] if result else []


def survival(rows):
    """Share of planted bugs that a means has not found by then."""
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2), layout="constrained")
    axes.grid(color=GRID, linewidth=0.8)
    axes.tick_params(length=0)
    told = []
    for name, label, color, style in (("libfuzzer", "libFuzzer", BLUE, "-"),
                                      ("afl", "AFL++", SAND, "--"),
                                      ("eacsl", "E-ACSL", SKY, "-."),
                                      ("proof", "proof", GOOD, ":")):
        trials = [trial for row in rows for trial in tries(row["means"].get(name, {}))]
        if not trials:
            continue
        across, down = zip(*surviving(trials))
        axes.step([max(one, 0.1) for one in across], [100 * one for one in down], where="post",
                  color=color, linestyle=style, linewidth=2, label=f"{label}, {len(trials)} trials")
        hits = sum(trial["found"] for trial in trials)
        told.append(f"{label}: {hits} of {len(trials)} trials found their bug, "
                    f"{100 * down[-1]:.0f} % left at {across[-1]:.0f} s")
    if not told:
        plt.close(figure)
        return None
    axes.set_xscale("log")
    axes.minorticks_off()
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set_ylim(0, 102)
    axes.set_xlabel("seconds (each step on the axis is ten times the last)")
    axes.set_ylabel("percent not found yet")
    legend(axes, 2)
    return svg(figure, "survival", "Planted bugs not found yet, over time. " + "; ".join(told))


def draw(report):
    """name -> SVG; None where there is no result to draw."""
    proof, ran, covered = report["proof"], report["fuzz"], report["coverage"]
    return {"goals": goals(proof) if proof and proof["goals"] else None,
            "executions": executions(ran) if ran else None,
            "survival": survival(report["plants"]["plants"]) if report["plants"] else None,
            "coverage": coverage(covered) if covered and covered["files"] else None}
