"""The build keeps its word: no addresses, no leftovers, no browser file without its licence."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
VENDOR = json.loads((ROOT / "web/vendor.json").read_text())
FOLDERS = {"ship": ROOT / "src/tongban/web/static/vendor", "test": ROOT / "tests/vendor"}
TARGETS = [(section, target) for section, files in VENDOR.items() for target in files]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.mark.parametrize(("section", "target"), TARGETS)
def test_every_named_browser_file_is_there_and_names_no_source_map(section: str, target: str) -> None:
    content = (FOLDERS[section] / target).read_bytes()
    assert content
    assert b"sourceMappingURL" not in content


@pytest.mark.parametrize(("section", "target"), TARGETS)
def test_every_browser_file_has_its_licence_beside_it(section: str, target: str) -> None:
    folder = Path(target).parts[0]
    assert any(name.startswith(f"{folder}/LICENSE") for name in VENDOR[section])


def test_the_folders_of_browser_files_hold_nothing_else() -> None:
    for section, folder in FOLDERS.items():
        there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        assert there == {*VENDOR[section], ".stamp"}


def test_the_browser_files_are_not_committed() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    paths = [str(folder.relative_to(ROOT)) for folder in FOLDERS.values()]
    listed = subprocess.run(["git", "ls-files", *paths], cwd=ROOT, capture_output=True, text=True, check=True)
    assert listed.stdout == ""


def test_no_lock_holds_a_download_address() -> None:
    for name in ("web/package-lock.json", "constraints.txt"):
        text = (ROOT / name).read_text()
        assert '"resolved"' not in text
        assert not re.search(r"https?://|--index-url|--find-links|file:", text), name


def test_every_dependency_is_pinned_and_bounded_on_both_sides() -> None:
    pinned = {line.split("==")[0] for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line}
    project = PYPROJECT["project"]
    for requirement in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        name = re.match(r"[A-Za-z0-9-]+", requirement)
        assert name
        assert name[0].lower() in pinned, f"{requirement} is not in constraints.txt"
        assert ">=" in requirement, requirement
        assert "<" in requirement, requirement


def test_every_dependency_has_its_line_in_the_decision() -> None:
    decision = (ROOT / "docs/decisions/0001-libraries.md").read_text()
    project = PYPROJECT["project"]
    for requirement in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        name = re.match(r"[A-Za-z0-9-]+", requirement)
        assert name
        assert name[0] in decision, f"{name[0]} has no line in docs/decisions/0001-libraries.md"


def test_source_map_lines_are_taken_out_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "packages").mkdir()
    (tmp_path / "packages/a.js").write_text("one()\n//# sourceMappingURL=a.js.map\n")
    (tmp_path / "packages/a.css").write_text("a{b:c}\n/*# sourceMappingURL=a.css.map */\nd{e:f}\n")
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import hatch_build; from pathlib import Path; here = Path(sys.argv[2]);"
        "hatch_build.copy({'a.js': 'a.js', 'a.css': 'a.css'}, here / 'packages', here / 'out', 'stamp')"
    )
    stand_in = tmp_path / "stand_in/hatchling/builders/hooks/plugin/interface.py"  # hatchling is there only in a build
    stand_in.parent.mkdir(parents=True)
    stand_in.write_text("class BuildHookInterface: pass\n")
    environment = {"PYTHONPATH": str(tmp_path / "stand_in")}
    subprocess.run([sys.executable, "-c", program, str(ROOT), str(tmp_path)], env=environment, check=True)
    assert (tmp_path / "out/a.js").read_text() == "one()\n"
    assert (tmp_path / "out/a.css").read_text() == "a{b:c}\nd{e:f}\n"


@pytest.mark.skipif(shutil.which("make") is None, reason="make is missing; on Debian: apt-get install -y make")
def test_make_help_says_a_sentence_for_every_target() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("setup", "demo", "test", "test-long", "check", "bench", "clean", "help"):
        assert re.search(rf"^  make {target} +[A-Z].*\.$", shown, re.MULTILINE), target
