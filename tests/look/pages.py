"""What is asked of every page: axe finds nothing, focus is seen, it fits a narrow window, it holds no style.

Other rooms' tests use it too: ``examine(page, axe_script, url)``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = """async (only) => {
  const found = await axe.run(document, {runOnly: only, resultTypes: ["violations"]});
  return found.violations.map(v => v.id + ": " + v.nodes.map(n => n.target.join(" ")).slice(0, 4).join(" | "));
}"""
_ALL = {"type": "tag", "values": TAGS}
_COLOURS = {"type": "rule", "values": ["color-contrast"]}
_FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const there = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  return {what: e.outerHTML.slice(0, 90), ok: seen && there};
}"""


def axe(page: Any, script: Path, only: dict[str, Any] = _ALL) -> list[str]:
    """The violations on the page as it is."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(script.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_AXE, only)
    return found


def unseen_focus(page: Any, most: int = 60) -> list[str]:
    """The tab stops at which no focus is seen."""
    page.evaluate("document.activeElement?.blur()")
    found, first = [], None
    for _ in range(most):
        page.keyboard.press("Tab")
        now = page.evaluate(_FOCUS)
        if now is None or now["what"] == first:
            break
        first = first or now["what"]
        if not now["ok"]:
            found.append(now["what"])
    return found


def too_wide(page: Any, width: int) -> int:
    """By how many pixels the page is wider than a window of this width."""
    page.set_viewport_size({"width": width, "height": 800})
    return int(page.evaluate("document.documentElement.scrollWidth")) - width


def styled(page: Any) -> list[str]:
    """The elements with a style attribute, inline script or handler, as the server sent them."""
    html = page.request.get(page.url).text()
    return [mark for mark in (" style=", "<style", "onclick=", "javascript:") if mark in html]


def examine(page: Any, script: Path, url: str, *, languages: tuple[str, ...] = ("zh", "en")) -> list[str]:
    """Everything that is wrong with a page, in both languages and both schemes; an empty list is what is wanted."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("console", lambda line: wrong.append(f"console: {line.text}") if "Security" in line.text else None)
    site = "/".join(url.split("/", 3)[:3])
    for language in languages:
        page.context.add_cookies([{"name": "language", "value": language, "url": site}])
        page.set_viewport_size({"width": 1440, "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(url)
        wrong += [f"{language} {v}" for v in axe(page, script)]
        page.emulate_media(color_scheme="dark")
        wrong += [f"{language} dark {v}" for v in axe(page, script, _COLOURS)]
        for width in (1280, 1000, 720, 390, 320):
            if (over := too_wide(page, width)) > 0:
                wrong.append(f"{language}: {over} px wider than {width}")
            if width == 390:
                wrong += [f"{language} dark phone {v}" for v in axe(page, script)]
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")
    wrong += [f"unseen focus: {what}" for what in unseen_focus(page)]
    wrong += [f"in the page: {mark}" for mark in styled(page)]
    return wrong
