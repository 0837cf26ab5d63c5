"""Every declared word in both languages, side by side, so that neither is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Label:
    """A word or sentence in Chinese and English.

    Either text may hold named gaps as in :meth:`str.format`; both must name the same ones.

    >>> Label("办结", "Closed").text("en")
    'Closed'
    >>> Label("还剩{n}天", "{n} days left").text("zh", n=3)
    '还剩3天'
    """

    zh: str
    en: str

    def __post_init__(self) -> None:
        if not self.zh or not self.en:
            raise ValueError(f"a label needs both languages, got zh={self.zh!r} en={self.en!r}")

    def text(self, language: str, **params: object) -> str:
        """The words in ``language`` ("zh…" is Chinese, all else English), gaps filled from ``params``."""
        words = self.zh if language.startswith("zh") else self.en
        return words.format(**params) if params else words

    def __str__(self) -> str:
        return self.zh


def sort_key(name: str) -> str:
    """A plain ASCII key that orders Chinese names alike on every database.

    GB 18030 places the 3,755 common characters in pinyin order, so its bytes, written as hexadecimal digits, sort as a
    Chinese reader expects, and digits and a–f sort alike under every collation.

    >>> sorted(["张", "安", "平湖", "A"], key=sort_key)
    ['A', '安', '平湖', '张']
    """
    return name.encode("gb18030", "replace").hex()[:120]
