# SPDX-FileCopyrightText: The Shareferry authors
# SPDX-License-Identifier: Apache-2.0
"""build.py FOLDER OUT TIME: writes the wheel and the source package of a Python project, the same bytes each time.

TIME, in ISO 8601, becomes that of all files in them. setuptools writes wheels so by itself, but not source packages.
"""

import gzip
import importlib.util
import os
import sys
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path

PYTHON = "/usr/bin/python3"

if not all(importlib.util.find_spec(module) for module in ("setuptools", "wheel")):
    # The python3 on the PATH may be another than the system's, for which there are packages.
    if sys.executable == PYTHON or not Path(PYTHON).exists():
        sys.exit("The Python packages need setuptools and wheel: apt-get install python3-setuptools python3-wheel")
    os.execv(PYTHON, [PYTHON, *sys.argv])

from setuptools import build_meta  # noqa: E402


def plain(member, seconds):
    """The member without what depends on who built it, and when."""
    member.mtime = seconds
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o755 if member.isdir() else 0o644
    member.pax_headers = {}
    return member


def repack(made, out, seconds):
    with (
        tarfile.open(made) as old,
        open(out, "wb") as file,
        gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=seconds) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as new,
    ):
        for member in sorted(old.getmembers(), key=lambda each: each.name):
            new.addfile(plain(member, seconds), old.extractfile(member) if member.isfile() else None)


def main(folder, out, time):
    seconds = int(datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp())
    os.environ["SOURCE_DATE_EPOCH"] = str(seconds)
    os.umask(0o022)
    out = Path(out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    for file in Path().rglob("*"):
        file.chmod(0o755 if file.is_dir() else 0o644)
    # setuptools takes the project's arguments for its own.
    sys.argv = ["setup.py"]
    build_meta.build_wheel(str(out))
    with tempfile.TemporaryDirectory() as temporary:
        name = build_meta.build_sdist(temporary)
        repack(Path(temporary) / name, out / name, seconds)


main(*sys.argv[1:])
