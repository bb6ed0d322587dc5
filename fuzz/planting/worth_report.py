"""worth_report.py: what worth.py measured, as tables in Markdown and as curves.

A plant that was not found counts as found after more inputs than all others: medians are over all
trials, and stand as "> N" where half of them or more found nothing.
"""
import math
import os
import statistics

WAYS = {
    "mutator and dictionary": {"use_mutator": True, "use_dictionary": True},
    "mutator": {"use_mutator": True, "use_dictionary": False},
    "dictionary": {"use_mutator": False, "use_dictionary": True},
    "neither": {"use_mutator": False, "use_dictionary": False},
}
GRID = (100, 1000)  # inputs behind which edges are told
COLORS = ("#1f6f5c", "#24527a", "#b7791f", "#b3261e")


def write(path, text):
    """Whole or not at all."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(text)
    os.replace(new, path)


def told(row):
    """One trial in words."""
    if row["kind"] == "cover":
        return f"{edges_after(row, math.inf)} edges after {row['execs']} inputs"
    return f"found after {row['execs']} inputs" if row["found"] else \
        f"not found in {row['execs']} inputs"


def edges_after(row, inputs):
    return max((edges for at, edges in row["edges"] if at <= inputs), default=0)


def select(rows, kind, way=None, name=None):
    return [row for row in rows if row["kind"] == kind and way in (None, row["way"])
            and name in (None, row["name"])]


def names(rows, kind):
    return list(dict.fromkeys(row["name"] for row in select(rows, kind)))


def inputs_to_find(row):
    return row["execs"] if row["found"] else math.inf


def median_inputs(rows):
    """The median, or "> N" if it is not known."""
    middle = statistics.median_high([inputs_to_find(row) for row in rows])
    return f"{middle:,}" if middle < math.inf else f"> {max(row['inputs'] for row in rows):,}"


def hits(rows):
    return f"{sum(row['found'] for row in rows)} of {len(rows)}"


def rate(rows):
    """Inputs in a second of the processor, over all trials."""
    seconds = sum(row["processor_s"] for row in rows)
    return f"{sum(row['execs'] for row in rows) / seconds:,.0f}" if seconds else "?"


def lines_of(head, rows):
    return ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head),
            *("| " + " | ".join(row) + " |" for row in rows)]


def cover_table(rows):
    for name in names(rows, "cover"):
        last = max(row["inputs"] for row in select(rows, "cover", name=name))
        grid = [*(n for n in GRID if n < last), last]
        yield from lines_of(
            [f"{name}, edges after", *(f"{n:,}" for n in grid), "inputs a second"],
            [[way, *(f"{statistics.median(edges_after(row, n) for row in found):.0f}"
                     for n in grid), rate(found)]
             for way in WAYS if (found := select(rows, "cover", way, name))])
        yield ""


def plant_table(rows):
    found = names(rows, "plant")
    if not found:
        return
    body = []
    for name in found:
        cells = [select(rows, "plant", way, name) for way in WAYS]
        body.append([name, *(f"{median_inputs(c)} ({hits(c)})" if c else "" for c in cells)])
    body.append(["all", *(hits(c) if (c := select(rows, "plant", way)) else "" for way in WAYS)])
    yield from lines_of(["plant, inputs to find it (trials that did)", *WAYS], body)


def tables(rows):
    return "\n".join([*cover_table(rows), *plant_table(rows)]) + "\n"


def steps(values, total):
    """The share of trials that found their plant."""
    there = sorted(v for v in values if v < math.inf)
    return [0, *there], [100 * k / total for k in range(len(there) + 1)]


def draw(rows, path):
    """Edges by inputs, a panel for each target, and the share of plants found by seconds."""
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt
    plt.rcParams.update({"svg.hashsalt": "upheld", "axes.spines.top": False,
                         "axes.spines.right": False, "font.size": 9})

    panels = names(rows, "cover")
    figure, axes = plt.subplots(1, len(panels) + 1, figsize=(4.2 * (len(panels) + 1), 3.4),
                                layout="constrained", squeeze=False)
    for panel, name in zip(axes[0], panels):
        draw_cover(panel, name, rows)
    draw_plants(axes[0][-1], rows)
    axes[0][0].legend(frameon=False, loc="lower right")
    new = path.with_name(f"{path.name}.new")
    figure.savefig(new, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    os.replace(new, path)


def draw_cover(panel, name, rows):
    for way, color in zip(WAYS, COLORS):
        found = select(rows, "cover", way, name)
        if not found:
            continue
        grid = [round(10 ** (k / 10)) for k in range(10, 10 * 8)
                if 10 ** (k / 10) <= max(row["inputs"] for row in found)]
        edges = [[edges_after(row, n) for row in found] for n in grid]
        panel.plot(grid, [statistics.median(e) for e in edges], color=color, label=way)
        panel.fill_between(grid, [min(e) for e in edges], [max(e) for e in edges], color=color,
                           alpha=0.15, linewidth=0)
    panel.set(xscale="log", xlabel="inputs", ylabel="edges", title=f"{name}, from one seed")


def draw_plants(panel, rows):
    for way, color in zip(WAYS, COLORS):
        found = select(rows, "plant", way)
        if found:
            at, share = steps([row["processor_s"] if row["found"] else math.inf for row in found],
                              len(found))
            panel.step([*at, max(row["processor_s"] for row in found)], [*share, share[-1]],
                       where="post", color=color, label=way)
    panel.set(xlabel="seconds of a processor", ylabel="% of trials", ylim=(0, 100),
              title="planted bugs found")
