"""Every word and sentence is there in both languages, with the same gaps."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from pathlib import Path
from string import Formatter

import tongban
from tongban.core.labels import Label
from tongban.core.refusals import declared

SOURCE = Path(tongban.__path__[0])
PYTHON = [p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts]
# The page for a broken server is drawn without knowing its reader: it speaks both languages, one below the other.
TEMPLATES = [p for p in SOURCE.rglob("templates/**/*.html") if p.name != "500.html"]
HAN = re.compile(r"[\u4e00-\u9fff]")
PAIR = re.compile(r"{%\s*t\s+(\"[^\"]*\"|'[^']*')\s+(\"[^\"]*\"|'[^']*')")


def import_everything() -> None:
    """Sentences are declared beside the actions that raise them: import all, so that all are known."""
    for module in pkgutil.walk_packages(tongban.__path__, "tongban."):
        if ".migrations" not in module.name and ".test_" not in module.name:
            importlib.import_module(module.name)  # noqa: TID251 - a test of everything must name everything


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_refusals_have_the_same_gaps_in_both_languages() -> None:
    import_everything()
    wrong = {code for code, label in declared().items() if gaps(label.zh) != gaps(label.en)}
    assert not wrong


def test_every_refusal_that_is_raised_has_a_sentence() -> None:
    import_everything()
    raised = set()
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    raised.add((str(first.value), path.name))
    assert len(raised) > 40
    assert not {r for r in raised if r[0] not in declared()}


def test_labels_are_chinese_and_english_in_that_order() -> None:
    wrong = []
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Label"):
                continue
            words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if len(words) == 2 and (HAN.search(words[1]) or gaps(words[0]) != gaps(words[1])):
                wrong.append((path.name, words))
    assert not wrong


def test_templates_say_nothing_in_one_language_alone() -> None:
    wrong, pairs = [], 0
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        for zh, en in PAIR.findall(text):
            pairs += 1
            if HAN.search(en) or gaps(zh[1:-1]) != gaps(en[1:-1]):
                wrong.append((path.name, zh, en))
        rest = re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", "", PAIR.sub("", text), flags=re.S)
        rest = rest.replace("中文", "")  # the name of the language, in itself, on the switch
        wrong += [(path.name, found.group(0)) for found in re.finditer(r"[^\n]*[\u4e00-\u9fff][^\n]*", rest)]
    assert pairs
    assert not wrong


def test_a_label_speaks_the_reader_s_language() -> None:
    assert Label("办结", "Closed").text("zh-CN") == "办结"
    assert Label("办结", "Closed").text("en") == "Closed"
