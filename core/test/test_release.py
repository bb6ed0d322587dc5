"""test_release.py: what is handed out is the same to the bit, whoever makes it, wherever."""

import gzip
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
import unittest

from testing import DIST, TOP, make, run

PYTHON = "/usr/bin/python3"


def project_files():
    """What is checked in or would be; all files where this is an unpacked archive."""
    listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=TOP,
                            capture_output=True, check=False)
    if os.path.exists(os.path.join(TOP, ".git")) and listed.returncode == 0:
        return [name for name in listed.stdout.decode().split("\0") if name]
    return [os.path.relpath(os.path.join(at, name), TOP) for at, _, names in os.walk(TOP)
            for name in names if not os.path.relpath(at, TOP).startswith("build")]


def contents(folder):
    found = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as data:
            found[name] = data.read()
    return found


class Release(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder = holder.name
        cls.checkout = os.path.join(holder.name, "checkout")
        for name in project_files():
            source, target = os.path.join(TOP, name), os.path.join(cls.checkout, name)
            if os.path.isfile(source):
                os.makedirs(os.path.dirname(target), exist_ok=True)
                shutil.copy(source, target)
        # As git archive would have filled it in, if this is an unpacked archive.
        with open(os.path.join(cls.checkout, "core/dist/origin"), "w", encoding="ascii") as out:
            out.write("$Format:%H %ct$\n")
        cls.git("init", "-q")
        cls.git("add", "-A")
        cls.git("commit", "-q", "-m", "Release")
        cls.commit, cls.time = cls.git("log", "-1", "--format=%H %ct").split()
        cls.made = cls.release(cls.checkout)
        cls.archive = next(name for name in cls.made if name.endswith(".tar.gz"))

    @classmethod
    def git(cls, *arguments):
        """git as it is without anyone's settings; the date is long ago, so that it shows."""
        when = "2001-02-03T04:05:06Z"
        own = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
               "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        got = subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@x.invalid",
                              *arguments], cwd=cls.checkout, env=own, capture_output=True,
                             text=True, check=True)
        return got.stdout.strip()

    @classmethod
    def release(cls, root):
        out = os.path.join(root, "build/dist")
        got = make("dist", cwd=root)
        if got.returncode != 0:
            raise AssertionError(got.stdout + got.stderr)
        return contents(out)

    def unpack(self, name, data):
        folder = os.path.join(self.folder, name)
        os.makedirs(folder)
        path = os.path.join(folder, "archive")
        with open(path, "wb") as out:
            out.write(data)
        subprocess.run(["tar", "-xf", path, "-C", folder], check=True)
        os.unlink(path)
        inside = os.listdir(folder)
        self.assertEqual(inside, [self.archive.removesuffix(".tar.gz")])
        return os.path.join(folder, inside[0])

    def test_four_files_are_made_and_their_sums_are_right(self):
        self.assertEqual(sorted(self.made), ["SHA256SUMS", self.archive, "upheld.c", "upheld.h"])
        sums = {name: hashlib.sha256(data).hexdigest() for name, data in self.made.items()
                if name != "SHA256SUMS"}
        self.assertEqual(self.made["SHA256SUMS"].decode(),
                         "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)))

    def test_an_unpacked_archive_makes_itself_again(self):
        folder = self.unpack("elsewhere/deeper", self.made[self.archive])
        for time in ("first", "second"):  # when its own build/ is there
            again = self.release(folder)
            for name, data in self.made.items():
                self.assertTrue(again[name] == data, f"{name}: differs, the {time} time")

    def test_it_does_not_depend_on_order_time_rights_or_name_of_the_folder(self):
        other = os.path.join(self.folder, "other name")
        shutil.copytree(self.checkout, other, ignore=shutil.ignore_patterns("build"),
                        copy_function=lambda a, b: shutil.copyfile(a, b) and shutil.copymode(a, b))
        for at, _, names in os.walk(other):
            for name in names:
                os.utime(os.path.join(at, name), (1, 1))
                os.chmod(os.path.join(at, name),
                         os.stat(os.path.join(at, name)).st_mode & 0o700)
        umask = os.umask(0o077)
        try:
            again = self.release(other)
        finally:
            os.umask(umask)
        self.assertEqual({name: again[name] == data for name, data in self.made.items()},
                         dict.fromkeys(self.made, True))

    def test_the_archive_of_git_makes_the_same(self):
        name = self.archive.removesuffix(".tar.gz")
        path = os.path.join(self.folder, "git.tar")
        self.git("archive", f"--prefix={name}/", "-o", path, "HEAD")
        with open(path, "rb") as data:
            again = self.release(self.unpack("git", data.read()))
        self.assertEqual({n: again[n] == data for n, data in self.made.items()},
                         dict.fromkeys(self.made, True))

    def test_the_archive_holds_what_is_checked_in_sorted_and_owned_by_nobody(self):
        with tarfile.open(os.path.join(self.checkout, "build/dist", self.archive)) as tar:
            members = tar.getmembers()
        names = [member.name.partition("/")[2] for member in members]
        self.assertEqual(sorted(names), sorted(self.git("ls-files").split("\n")))
        self.assertEqual(names, sorted(names, key=str.encode))
        self.assertEqual({m.mtime for m in members}, {int(self.time)})
        self.assertEqual({(m.uid, m.gid, m.uname, m.gname) for m in members}, {(0, 0, "", "")})
        self.assertEqual({m.mode for m in members}, {0o644, 0o755})
        self.assertEqual(self.made[self.archive][4:8], b"\0" * 4)  # no time in the gzip header
        self.assertIn(self.commit.encode(), gzip.decompress(self.made[self.archive]))

    def test_the_two_files_tell_the_commit(self):
        for name in ("upheld.c", "upheld.h"):
            self.assertIn(f"of commit\n * {self.commit};".encode(), self.made[name])

    def test_changes_that_are_not_committed_are_told(self):
        path = os.path.join(self.checkout, "core/upheld.h")
        with open(path, encoding="ascii") as header:
            before = header.read()
        try:
            with open(path, "a", encoding="ascii") as header:
                header.write("/* changed */\n")
            made = self.release(self.checkout)
        finally:
            with open(path, "w", encoding="ascii") as header:
                header.write(before)
        self.assertIn(f"{self.commit}-dirty;".encode(), made["upheld.h"])
        self.assertNotEqual(made[self.archive], self.made[self.archive])

    def test_a_name_that_cannot_be_made_is_one_line(self):
        got = run(PYTHON, os.path.join(DIST, "release.py"), "/dev/null/x")
        self.assertEqual(got.returncode, 2)
        self.assertRegex(got.stderr, r"\Arelease\.py: .*/dev/null.*\n\Z")
