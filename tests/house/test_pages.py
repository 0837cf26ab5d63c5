"""Every page has a permission, and no page carries what the content security policy forbids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

import tongban

TEMPLATES = list(Path(tongban.__path__[0]).rglob("templates/**/*.html"))
INLINE = re.compile(r"\sstyle=|\son[a-z]+=\"|https?://(?!www\.w3\.org/)|javascript:", re.I)
SCRIPT = re.compile(r"<script(?![^>]*\b(src|type=\"importmap\"|type=\"application/json\"))[^>]*>", re.I)


def patterns(under: URLResolver | None = None) -> Iterator[URLPattern]:
    for one in (under or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one)
        else:
            yield one


def test_every_page_has_a_permission() -> None:
    found = list(patterns())
    assert len(found) > 20
    assert not [str(p.pattern) for p in found if not hasattr(p.callback, "permission")]


def test_templates_hold_no_inline_style_script_or_foreign_address() -> None:
    assert TEMPLATES
    wrong = []
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        wrong += [(path.name, m.group(0)) for m in [*INLINE.finditer(text), *SCRIPT.finditer(text)]]
    assert not wrong
