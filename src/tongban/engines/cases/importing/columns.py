"""Which column is which: fields that a request has, the headings under which they come, and guessing between the two."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tongban.core.labels import Label

#: In the order in which the page asks for them.
FIELDS: Mapping[str, Label] = {
    "body": Label("正文", "Text"),
    "title": Label("标题", "Title"),
    "external_id": Label("编号", "Number"),
    "time": Label("来件时间", "Time of the request"),
    "reply": Label("答复", "Reply"),
    "reply_time": Label("答复时间", "Time of the reply"),
    "name": Label("姓名或网名", "Name or user"),
    "phone": Label("手机号", "Phone"),
    "area": Label("镇街、村社区", "Town or village"),
    "category": Label("类别", "Category"),
    "address": Label("地址", "Address"),
}

_MATTER = (
    "",
    "留言",
    "来信",
    "信件",
    "来件",
    "诉求",
    "问题",
    "工单",
    "投诉",
    "反映",
    "事项",
    "帖子",
    "来电",
    "办件",
    "提交",
    "咨询",
    "建议",
)
_NOUNS = {
    "external_id": ("编号", "编码", "号", "单号", "流水号", "id", "序号"),
    "title": ("标题", "主题", "题目", "名称", "摘要"),
    "time": ("时间", "日期", "创建时间", "登记时间", "发布时间", "提出时间"),
    "body": ("内容", "详情", "正文", "描述", "具体内容", "详细内容", "情况"),
    "name": ("用户", "人", "人姓名", "网友", "者", "用户名"),
    "category": ("类别", "类型", "分类", "种类"),
}
_ANSWER = ("答复", "回复", "办理", "处理", "反馈", "办结")
_NOTES: dict[str, tuple[str, ...]] = {
    "external_id": ("number", "no", "id", "caseid", "requestid", "messageid", "reference", "ref", "externalid", "ticket"),
    "title": ("title", "subject", "topic", "summary", "headline"),
    "body": ("body", "text", "message", "description", "details", "content", "request", "messagedetail"),
    "time": ("time", "date", "datetime", "created", "createdat", "openedat", "opened", "receivedat", "submittedat",
             "messagetime", "requesttime", "timeoftherequest", "创建时间", "提交时间", "来电时间", "登记时间"),
    "reply": ("reply", "answer", "response", "resolution", "答复", "回复", "答复意见", "回复意见"),
    "reply_time": ("replytime", "replydate", "repliedat", "answeredat", "answertime", "answerdate", "responsetime",
                   "closedat", "timeofthereply", "答复日期", "回复日期"),
    "name": ("name", "user", "username", "author", "sender", "contact", "nameoruser", "姓名", "联系人", "网名", "昵称",
             "姓名或网名"),
    "phone": ("phone", "mobile", "telephone", "tel", "phonenumber", "手机", "手机号", "手机号码", "联系电话", "电话",
              "联系方式", "电话号码"),
    "area": ("area", "town", "village", "district", "region", "townorvillage", "镇街道", "镇街", "乡镇", "街道", "镇",
             "村社区", "村", "社区", "所属区域", "区域", "所属镇街", "属地", "区划", "镇街村社区"),
    "category": ("category", "type", "kind", "class", "一级分类", "一级标签"),
    "address": ("address", "location", "place", "地址", "详细地址", "地点", "事发地点", "发生地点", "事发地址"),
}  # fmt: skip
_IGNORED = re.compile(r"[\s\W_]+|必填|选填")


def plain(heading: str) -> str:
    """A heading without case, width, spaces, marks and remarks.

    >>> plain(" 留言 编号（必填） "), plain("Reply_Time")
    ('留言编号', 'replytime')
    """
    return _IGNORED.sub("", unicodedata.normalize("NFKC", heading).casefold())


def _synonyms() -> dict[str, str]:
    found: dict[str, str] = {}
    for field, nouns in _NOUNS.items():
        for matter in _MATTER:
            for noun in nouns:
                if matter or len(noun) > 1:
                    found.setdefault(plain(matter + noun), field)
    for act in _ANSWER:
        for noun in ("意见", "内容", "结果", "情况", "详情"):
            found[act + noun] = "reply"
        for noun in ("时间", "日期"):
            found[act + noun] = "reply_time"
    for field, notes in _NOTES.items():
        found.update(dict.fromkeys(map(plain, notes), field))
    return found


_SYNONYMS = _synonyms()


@dataclass(frozen=True, slots=True)
class Columns:
    """Field → place of its column in a row."""

    places: Mapping[str, int]

    def get(self, field: str) -> int | None:
        """Where the field's column is, if there is one."""
        return self.places.get(field)

    @property
    def enough(self) -> bool:
        """Whether a request can be read at all."""
        return "body" in self.places or "title" in self.places


def guess(headings: Sequence[str]) -> dict[str, int]:
    """Field → place, for the headings that are known; of two that mean the same the first is taken.

    >>> guess(["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间"])
    {'external_id': 0, 'name': 1, 'title': 2, 'time': 3, 'body': 4, 'reply': 5, 'reply_time': 6}
    >>> guess(["ID", "Subject", "Message", "Phone number", "Remarks"])
    {'external_id': 0, 'title': 1, 'body': 2, 'phone': 3}
    """
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        field = _SYNONYMS.get(plain(heading))
        if field is not None:
            found.setdefault(field, place)
    return found


def heading_row(rows: Iterable[Sequence[object]]) -> int | None:
    """Which of the first rows holds the headings: the one with most known words, else the first that holds anything."""
    best, most, first = None, 1, None
    for number, row in enumerate(rows):
        words = [str(cell) for cell in row if str(cell).strip()]
        if words and first is None:
            first = number
        known = len(guess(words))
        if known > most:
            best, most = number, known
    return best if best is not None else first
