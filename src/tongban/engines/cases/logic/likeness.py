"""How much two texts are about the same, from their words alone.

>>> weight = weights({"路灯": 2, "泖口": 1, "不亮": 1}, 3)
>>> likeness({"路灯", "泖口"}, {"路灯", "泖口"}, weight)
1.0
>>> likeness({"路灯", "泖口"}, {"路灯", "不亮"}, weight) < 0.5
True
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import log, sqrt

# What stands in every request tells nothing of its matter.
_EVERYWHERE = frozenset(
    [
        "我们",
        "你们",
        "他们",
        "大家",
        "自己",
        "希望",
        "请问",
        "请求",
        "问题",
        "反映",
        "解决",
        "什么",
        "怎么",
        "为什么",
        "能不能",
        "可以",
        "可不可以",
        "没有",
        "不能",
        "一个",
        "一直",
        "现在",
        "这个",
        "那个",
        "时候",
        "什么时候",
        "已经",
        "还是",
        "因为",
        "所以",
        "但是",
        "如果",
        "就是",
        "有关",
        "部门",
        "相关",
        "领导",
        "谢谢",
        "您好",
        "你好",
        "麻烦",
        "the",
        "and",
        "for",
        "are",
        "our",
    ]
)


def telling(words: Iterable[str]) -> list[str]:
    """The words that say what a text is about: of two signs or more, and not those of every request."""
    return [w for w in words if len(w) > 1 and w.isalnum() and w not in _EVERYWHERE]


def weights(held_by: Mapping[str, int], texts: int) -> Callable[[str], float]:
    """What a word counts among ``texts`` texts, ``held_by`` so many of them: the fewer, the more."""
    return lambda word: log(1 + (1 + texts) / (1 + held_by.get(word, 0)))


def likeness(one: set[str], other: set[str], weight: Callable[[str], float]) -> float:
    """0 (no word in common) to 1 (the same words): the cosine of the weighted words."""
    both, whole, rest = (sum(weight(w) ** 2 for w in words) for words in (one & other, one, other))
    return both / sqrt(whole * rest) if both else 0.0
