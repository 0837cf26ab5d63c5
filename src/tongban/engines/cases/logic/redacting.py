"""What in a text says who somebody is, and the text without it: a proposal, which an officer reads word by word.

Patterns find numbers, addresses, forms of address, and words of illness and poverty; names are found because the case knows them. Nothing here knows what a
sentence means, so a person prepares the public text and another person approves it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tongban.core.labels import Label


class Kind(StrEnum):
    """What was found."""

    PHONE = "phone"
    IDENTITY = "identity"
    ACCOUNT = "account"
    PLATE = "plate"
    EMAIL = "email"
    CONTACT = "contact"
    HOUSE = "house"
    NAME = "name"
    FIRM = "firm"
    HEALTH = "health"
    MEANS = "means"


MARKS: dict[Kind, Label] = {
    Kind.PHONE: Label("电话", "phone"),
    Kind.IDENTITY: Label("证件号", "ID number"),
    Kind.ACCOUNT: Label("账号", "account"),
    Kind.PLATE: Label("车牌", "plate"),
    Kind.EMAIL: Label("邮箱", "e-mail"),
    Kind.CONTACT: Label("联系方式", "contact"),
    Kind.HOUSE: Label("门牌", "house number"),
    Kind.NAME: Label("姓名", "name"),
    Kind.FIRM: Label("企业名", "firm"),
    Kind.HEALTH: Label("健康情况", "health"),
    Kind.MEANS: Label("家庭困难情况", "means"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, from ``start`` to before ``end``."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Known:
    """Names that the case knows: of people, and of its firm (empty where the firm has agreed to be named)."""

    people: tuple[str, ...] = ()
    firm: str = ""


_CJK = "\u4e00-\u9fff"
_NUMERAL = "[0-9一二三四五六七八九十百零〇]"
# A building, a flat, a house: not "5月12号", not "12号线".
_HOUSE = (
    rf"(?<![0-9A-Za-z月]){_NUMERAL}+(?:[-—－]{_NUMERAL}+)*\s?"
    r"(?:号楼|幢|栋|单元|室|弄|组|号(?!线|文|令|公告|机|码|召))"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石"
    "金韦贾夏付方邹熊白孟秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严赖覃洪武戴莫孔汤俞屠费潘计"
)
_CALLED = "(?:先生|女士|小姐|师傅|大爷|大妈|大伯|阿姨|阿婆|老师|医生|书记|主任|科长|局长|所长|队长|经理|总)"
_PLACES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# What tells of somebody's illness or poverty is nobody else's business, even where nobody is named: in a village it names.
# Offices, papers and schemes that bear such words in their names tell of nobody.
_HEALTH = (
    "开刀|(?<!人)手术(?!室)|化疗|放疗|透析|住院|住进医院|癌症?|肿瘤|白血病|尿毒症|糖尿病|高血压|心脏病|心梗|脑梗|中风|瘫痪|骨折|截肢|"
    "精神病|精神分裂|抑郁症?|自闭症?|痴呆|失能|失智|艾滋病?|乙肝|肺结核|怀孕|流产|重病|大病(?!保险|医保|救助)|卧床|"
    r"残疾(?!人联合会|人联|人事业)(?:人|军人|证)?|"
    r"(?i:\b(?:surgery|cancer|chemotherapy|dialysis|hospitali[sz]ed|pregnan(?:t|cy)|disabled|disability|depression|dementia)\b)"
)
_MEANS = "低保(?:户|边缘)?|特困(?:户|人员)?|五保户?|低收入(?:家庭|人口|户)?|(?:困难|贫困)(?:家庭|户|学生|职工)|孤儿|(?i:\\blow[- ]income\\b)"
# In the order in which they are looked for: what an earlier one has taken, a later one leaves.
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.EMAIL, re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")),
    (Kind.CONTACT, re.compile(r"(?:微信|QQ|qq|Q群|WeChat|wechat)(?:号|群)?[是为::\s]*([A-Za-z0-9_-]{5,24})")),
    (Kind.IDENTITY, re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15})(?![0-9A-Za-z])")),
    (Kind.IDENTITY, re.compile(r"(?<![0-9A-Za-z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])")),
    (Kind.PHONE, re.compile(r"(?<!\d)(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)")),
    (Kind.PHONE, re.compile(r"(?<!\d)\(?0\d{2,3}\)?[-\s]?\d{7,8}(?!\d)")),
    (Kind.PHONE, re.compile(r"(?<![\d年月.:-])[2-8]\d{7}(?![\d元吨米.])")),
    (Kind.ACCOUNT, re.compile(r"(?<!\d)\d{4}(?:[\s-]?\d{4}){2,3}[\s-]?\d{1,4}(?!\d)")),
    (Kind.PLATE, re.compile(rf"[{_PLACES}][A-HJ-NP-Z][·.\s]?[A-HJ-NP-Z0-9]{{5,6}}(?![A-Za-z0-9])")),
    (Kind.HOUSE, re.compile(rf"{_HOUSE}(?:\s?{_HOUSE})*")),
    (Kind.NAME, re.compile(rf"(?:我叫|名叫|本人姓名|姓名[是为::]?|联系人[是为::]?)\s?([{_CJK}]{{2,3}})")),
    (Kind.NAME, re.compile(rf"(?<![{_CJK}])[{_SURNAMES}][{_CJK}]{{0,2}}?{_CALLED}")),
    (Kind.NAME, re.compile(rf"[{_SURNAMES}]{_CALLED}")),
    (Kind.HEALTH, re.compile(_HEALTH)),
    (Kind.MEANS, re.compile(_MEANS)),
)
# Full-width figures and letters, sign for sign, so that places in the folded text are places in the text.
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FIRM_ENDS = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|集团公司|公司|厂|\(.*?\))+$")
_FIRM_BEGINS = re.compile(r"^(?:浙江省?|嘉兴市?|平湖市?)+")


def proposals(text: str, known: Known) -> list[Span]:
    """What looks personal in ``text``, in order, no two of them overlapping.

    >>> [s.kind.value for s in proposals("请打13800000001找我,住3幢501室", Known())]
    ['phone', 'house']
    """
    folded = text.translate(_FOLD)
    taken: list[Span] = []
    for span in (*_names(folded, known), *_patterns(folded)):
        if all(span.end <= other.start or other.end <= span.start for other in taken):
            taken.append(span)
    return sorted(taken, key=lambda s: s.start)


def redacted(text: str, known: Known) -> str:
    """``text`` with a mark for each thing that was found, in the language of the text.

    >>> redacted("我是陈居民，电话13800000001", Known(("陈居民",)))
    '我是【姓名】，电话【电话】'
    """
    pieces, last = [], 0
    chinese = re.search(f"[{_CJK}]", text) is not None
    for span in proposals(text, known):
        mark = MARKS[span.kind]
        pieces += [text[last : span.start], f"【{mark.zh}】" if chinese else f"[{mark.en}]"]
        last = span.end
    return "".join([*pieces, text[last:]])


def left_over(texts: Iterable[str], known: Known) -> list[tuple[Kind, str]]:
    """What still looks personal in public texts: its kind and the words, each once."""
    found = [(s.kind, text[s.start : s.end]) for text in texts for s in proposals(text, known)]
    return list(dict.fromkeys(found))


def _names(folded: str, known: Known) -> Iterator[Span]:
    for name in sorted({n.translate(_FOLD) for n in known.people if len(n) > 1}, key=len, reverse=True):
        yield from _each(folded, name, Kind.NAME)
    for name in firm_names(known.firm):
        yield from _each(folded, name, Kind.FIRM)


def firm_names(name: str) -> list[str]:
    """A firm's name and what people call it for short, the longest first.

    >>> firm_names("平湖市泖新精密机械有限公司")
    ['平湖市泖新精密机械有限公司', '平湖市泖新精密机械', '泖新精密机械']
    """
    whole = name.translate(_FOLD)
    short = _FIRM_ENDS.sub("", whole)
    core = _FIRM_BEGINS.sub("", short)
    return [n for n in dict.fromkeys((whole, short, core)) if len(n) > 2]


def _each(folded: str, word: str, kind: Kind) -> Iterator[Span]:
    for found in re.finditer(re.escape(word), folded):
        yield Span(found.start(), found.end(), kind)


def _patterns(folded: str) -> Iterator[Span]:
    for kind, pattern in _PATTERNS:
        for found in pattern.finditer(folded):
            group = 1 if pattern.groups else 0
            yield Span(found.start(group), found.end(group), kind)
