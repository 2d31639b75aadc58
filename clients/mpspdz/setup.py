# SPDX-FileCopyrightText: The Shareferry authors
# SPDX-License-Identifier: Apache-2.0
"""The version, which the project's pom.xml has, and the place of the module. The rest is in pyproject.toml."""

import re
from pathlib import Path

from setuptools import setup

HERE = Path(__file__).resolve().parent


def version():
    """As in PKG-INFO, which source packages have; otherwise as in pom.xml, in Python's form."""
    if (HERE / "PKG-INFO").is_file():
        return re.search(r"(?m)^Version: (.+)$", (HERE / "PKG-INFO").read_text(encoding="utf-8")).group(1)
    pom = (HERE / ".." / ".." / "pom.xml").read_text(encoding="utf-8")
    return re.search("<revision>(.+?)</revision>", pom).group(1).replace("-SNAPSHOT", ".dev0")


def folder():
    """That of shareferry.py: source packages have it here. In the project, the one copy is that of the party-service."""
    return "." if (HERE / "shareferry.py").is_file() else "../../party-service/src/main/mpspdz"


setup(version=version(), package_dir={"": folder()}, py_modules=["shareferry"])
