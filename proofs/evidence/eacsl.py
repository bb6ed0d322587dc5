"""The E-ACSL legs of the fuzz targets: of which units contracts run as code (fuzz/fuzz.mk)."""

import re

from .contracts import EvidenceError

MAKEFILE = "fuzz/fuzz.mk"


def units(root):
    """target -> names of the units whose contracts run as code on its E-ACSL leg."""
    try:
        text = (root / MAKEFILE).read_text(encoding="utf-8")
    except OSError as error:
        raise EvidenceError(f"{MAKEFILE}: {error.strerror}; expected the units of each E-ACSL "
                            "leg") from error
    found = re.findall(r"^FUZZ_EACSL_([a-z_]+)[ \t]*:=[ \t]*(\S.*)$", text, re.M)
    if not found:
        raise EvidenceError(f"{MAKEFILE}: expected FUZZ_EACSL_TARGET := UNIT... for each leg")
    return {target: tuple(names.split()) for target, names in found}
