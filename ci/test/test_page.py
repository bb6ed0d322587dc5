"""The page can be read by keyboard, screen reader, in the light and in the dark."""
import re
import sys
import unittest
from html.parser import HTMLParser

import tree

sys.path.insert(0, str(tree.CI))

STYLE = tree.CI / "report/audit.css"
TEXTS = ("ink", "soft", "good", "bad", "blue")      # colours that words have
GROUNDS = ("page", "pale", "blush", "straw")        # what they stand on
LEAST_TEXT, LEAST_MARK = 4.5, 3.0                   # WCAG 2.1, level AA


def palettes():
    """The colours of the light page, and those that the dark one has instead."""
    text = STYLE.read_text(encoding="utf-8")
    found = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
             for block in re.findall(r":root \{(.*?)\}", text, re.S)]
    return {"light": found[0], "dark": {**found[0], **found[1]}}


def luminance(color):
    parts = [int(color[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(share * one for share, one in zip((0.2126, 0.7152, 0.0722), linear))


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


class Contrast(unittest.TestCase):
    def test_words_on_every_ground(self):
        for name, colors in palettes().items():
            for text in TEXTS:
                for ground in GROUNDS:
                    self.assertGreaterEqual(contrast(colors[text], colors[ground]), LEAST_TEXT,
                                            f"{name}: {text} on {ground}")

    def test_marks_of_pictures(self):
        for name, colors in palettes().items():
            for mark in ("good", "bad", "blue", "sand"):
                self.assertGreaterEqual(contrast(colors[mark], colors["page"]), LEAST_MARK,
                                        f"{name}: {mark}")

    def test_no_colour_but_those_that_have_a_name(self):
        rest = re.sub(r":root \{.*?\}", "", STYLE.read_text(encoding="utf-8"), flags=re.S)
        self.assertEqual(re.findall(r"#[0-9a-fA-F]{3,6}\b", rest), [])

    def test_the_measure(self):
        self.assertAlmostEqual(contrast("#000000", "#ffffff"), 21)
        self.assertLess(contrast("#999999", "#ffffff"), LEAST_TEXT)


class Outline(HTMLParser):
    """What a screen reader goes by."""

    def __init__(self):
        super().__init__()
        self.tags, self.path = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs), tuple(self.path)))
        if tag not in ("meta", "br", "col"):
            self.path.append(tag)

    def handle_endtag(self, tag):
        while self.path and self.path.pop() != tag:
            pass

    def all(self, *names):
        return [attrs for tag, attrs, _ in self.tags if tag in names]


class Reader(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tree.Tree() as small:
            small.run("audit.py", "--time", "1")
            cls.text = small.page()
        cls.page = Outline()
        cls.page.feed(cls.text)

    def test_language_title_and_landmarks(self):
        self.assertEqual(self.page.all("html")[0]["lang"], "en")
        self.assertEqual([len(self.page.all(name)) for name in ("title", "h1", "main", "header",
                                                                "nav", "footer")], [1] * 6)
        self.assertTrue(self.page.all("nav")[0]["aria-label"])

    def test_the_first_link_leads_past_the_head(self):
        self.assertEqual(self.page.all("a")[0], {"class": "skip", "href": "#main"})
        self.assertEqual(self.page.all("main")[0]["id"], "main")

    def test_headings_leave_no_level_out(self):
        levels = [int(tag[1]) for tag, *_ in self.page.tags if re.fullmatch(r"h[1-6]", tag)]
        self.assertEqual(levels[0], 1)
        for before, after in zip(levels, levels[1:]):
            self.assertLessEqual(after, before + 1)

    def test_each_head_cell_says_what_it_heads(self):
        cells = self.page.all("th")
        self.assertGreater(len(cells), 100)
        for cell in cells:
            self.assertIn(cell.get("scope"), ("col", "row", "colgroup", "rowgroup"))

    def test_pictures_say_in_words_what_they_show(self):
        pictures = self.page.all("svg")
        self.assertEqual(len(pictures), 3)
        for picture in pictures:
            self.assertEqual(picture["role"], "img")
            self.assertGreater(len(picture["aria-label"]), 20)

    def test_what_scrolls_can_be_reached_by_keyboard(self):
        for attrs in self.page.all("div"):
            if attrs.get("class") == "wide":
                self.assertEqual((attrs.get("tabindex"), attrs.get("role")), ("0", "region"))
                self.assertTrue(attrs["aria-label"])
        for attrs in self.page.all("pre"):
            self.assertEqual(attrs.get("tabindex"), "0")

    def test_colour_is_never_the_only_sign(self):
        """A red row says in words that something is wrong."""
        rows = re.findall(r'<tr[^>]*class="bad".*?</tr>', self.text, re.S)
        for row in rows:
            self.assertRegex(row, r"not installed|open|FAILED|NO|not run|missed|error|no,")


if __name__ == "__main__":
    unittest.main()
