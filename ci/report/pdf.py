"""The page on paper: audit.pdf, drawn by a headless Chromium where one is installed."""
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-breakpad", "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND",
         "--no-pdf-header-footer", "--generate-pdf-document-outline")
SECONDS = 120
WISHES = ("if there is a browser", "yes", "no")


class Absent(Exception):
    """There is no PDF: why."""


def draw(folder):
    """Writes audit.pdf beside index.html, or says why not."""
    program = next((found for found in map(shutil.which, PROGRAMS) if found), None)
    if not program:
        raise Absent(f"no {' or '.join(PROGRAMS)} in PATH; apt-get install chromium")
    page, made = (folder / "index.html").resolve(), folder / "audit.pdf"
    with tempfile.TemporaryDirectory(prefix="upheld-pdf-") as work:
        new = Path(work) / "audit.pdf"
        try:
            ran = subprocess.run(
                [program, *FLAGS, f"--user-data-dir={work}/profile", f"--print-to-pdf={new}",
                 page.as_uri()], capture_output=True, timeout=SECONDS, check=False,
                stdin=subprocess.DEVNULL, env={**os.environ, "HOME": work})
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Absent(f"{program}: {error}") from None
        if not new.is_file() or new.read_bytes()[:5] != b"%PDF-":
            said = ran.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise Absent(f"{program} wrote no PDF, exit status {ran.returncode}: {said}")
        shutil.copyfile(new, made)
