"""Every page has a permission, and no page carries what the content security policy forbids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

import tongban
from tongban.api.bearers import Token
from tongban.api.doors import api

TEMPLATES = list(Path(tongban.__path__[0]).rglob("templates/**/*.html"))
INLINE = re.compile(r"\sstyle=|\son[a-z]+=\"|https?://(?!www\.w3\.org/)|javascript:", re.I)
SCRIPT = re.compile(r"<script(?![^>]*\b(src|type=\"importmap\"|type=\"application/json\"))[^>]*>", re.I)


def patterns(under: URLResolver | None = None) -> Iterator[URLPattern]:
    for one in (under or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            if one.namespace != api.urls_namespace:
                yield from patterns(one)
        else:
            yield one


def test_every_page_has_a_permission() -> None:
    found = list(patterns())
    assert len(found) > 20
    assert not [str(p.pattern) for p in found if not hasattr(p.callback, "permission")]


def test_every_endpoint_asks_for_a_token() -> None:
    views = [view for _, router in api._routers for view in router.path_operations.values()]
    calls = [operation for view in views for operation in view.operations]
    assert len(calls) > 40
    assert not [call.path for call in calls if not any(isinstance(one, Token) for one in call.auth_callbacks)]


def test_templates_hold_no_inline_style_script_or_foreign_address() -> None:
    assert TEMPLATES
    wrong = []
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        wrong += [(path.name, m.group(0)) for m in [*INLINE.finditer(text), *SCRIPT.finditer(text)]]
    assert not wrong
