"""The E-ACSL legs of the fuzz targets: of which units contracts run as code (fuzz/fuzz.mk)."""

import re


def units(root):
    """target -> names of the units whose contracts run as code on its E-ACSL leg."""
    text = (root / "fuzz/fuzz.mk").read_text(encoding="utf-8")
    found = re.findall(r"^FUZZ_EACSL_([a-z_]+)[ \t]*:=[ \t]*(\S.*)$", text, re.M)
    return {target: tuple(names.split()) for target, names in found}
