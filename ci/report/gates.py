"""Reads what `make gates` printed: one line a gate, `G5   PASS  title; planted: ...`.

The proof judges the gates; this step also plants a fault for each and says if it was caught."""
import re

LINE = re.compile(r"^\s*(G\w+)\s+(PASS|FAIL)\s+([^;\n]*)(?:; planted: (.*))?$", re.M)


def read(path):
    """Rows of the gates from the log of this run."""
    if not path.is_file():
        return []
    text = path.read_text(encoding="utf-8", errors="replace")
    return [{"gate": gate, "holds": word == "PASS", "title": title.strip(), "planted": planted}
            for gate, word, title, planted in LINE.findall(text)]


def problems(rows):
    """What does not hold; a run without a gate, or without a planted fault, shows nothing."""
    if not rows:
        return ["no gate reported in this run"]
    if not any(row["planted"] for row in rows):
        return ["no fault was planted for any gate"]
    return [f"{row['gate']} does not hold: {row['title']}" for row in rows if not row["holds"]]
