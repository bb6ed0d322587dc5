"""Turns the audit's figures into a page for the screen and paper, and into Markdown."""
from pathlib import Path

import jinja2

from report import pictures, view

HERE = Path(__file__).resolve().parent


def number(value):
    """1234567 as 1 234 567, with narrow spaces that do not break."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.1f}".replace(",", "\u202f")
    return f"{value:,}".replace(",", "\u202f")


def share(part):
    """A part's percentage; never rounded up to 100."""
    if not part["total"]:
        return "–"
    percent = int(1000 * part["covered"] / part["total"]) / 10
    return f"{percent:.1f} %"


def minutes(seconds):
    return f"{seconds / 60:.1f}"


def cell(value):
    """Text for a cell of a Markdown table."""
    return str("–" if value in (None, "") else value).replace("|", "\\|").replace("\n", " ")


def said(state):
    """A step's state in the words of the page."""
    return {"passed": "passed", "failed": "FAILED", "skipped": "did not run"}[state]


def few(words, most=6):
    """The first few of a long list."""
    rest = len(words) - most
    return ", ".join(words[:most]) + (f" and {rest} more" if rest > 0 else "")


def environment(autoescape):
    made = jinja2.Environment(loader=jinja2.FileSystemLoader(HERE), autoescape=autoescape,
                              undefined=jinja2.StrictUndefined, trim_blocks=True,
                              lstrip_blocks=True, keep_trailing_newline=True)
    made.filters.update(number=number, share=share, minutes=minutes, cell=cell, said=said, few=few)
    return made


def render(report, folder):
    """Writes index.html, audit.md and pictures/ into a folder."""
    drawn = pictures.draw(report)
    shown = view.complete(report)
    (folder / "pictures").mkdir()
    for name, text in drawn.items():
        if text:
            (folder / "pictures" / f"{name}.svg").write_text(text + "\n", encoding="utf-8")
    style = (HERE / "audit.css").read_text(encoding="utf-8")
    page = environment(True).get_template("audit.html.j2")
    (folder / "index.html").write_text(
        page.render(r=shown, pictures=drawn, style=style), encoding="utf-8")
    text = environment(False).get_template("audit.md.j2")
    (folder / "audit.md").write_text(text.render(r=shown), encoding="utf-8")
