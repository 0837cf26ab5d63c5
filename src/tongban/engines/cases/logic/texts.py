"""Reading a reply: is it an answer, or only a receipt that says "received"?

A receipt says that the matter has arrived and nothing else: no measure, no reason, no other office to which it went.
To call an answer a receipt would be the worse mistake (it would look unanswered), so every clause must be one of the
few known below; a single clause that says anything else makes it an answer.
"""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 160
# Spaces part clauses too: exported replies have lost their line breaks to them.
_ENDS = re.compile(r"[,;:!?。\s~…—]+|\.{2,}|(?<!\d)\.|\.(?!\d)")
_DATE = re.compile(r"(?:19|20)\d\d(?:年|[-./])\d{1,2}(?:月|[-./])\d{1,2}日?")

_YOU = "(?:[您你贵]们?)"
_US = "(?:我们|我[局办县区市镇委厅部处街]|我(?:单位|支队|中心|街道|街道办|机关)|本(?:单位|局|办|中心)|现)"
_MATTER = (
    "(?:留言|来信|来件|来函|来帖|来电|信件|信函|邮件|帖文|帖子|发帖|反映|问题|诉求|意见|建议|情况|事项|事情|咨询|投诉|举报"
    "|提问|信息|内容|工单|意见建议|意见和建议)"
)
_TOLD = "(?:在[^,。]{1,16}上)?(?:所)?(?:反映|反应|反馈|提出|提|提交|咨询|投诉|发来|留下)?"
_QUOTED = "(?:[“\"'《][^”\"'》]{1,60}[”\"'》])?"
_WHAT = f"(?:关于)?{_YOU}?{_TOLD}的?{_QUOTED}的?(?:有关|相关|宝贵|上述)?{_MATTER}?"
_ARRIVED = "(?:已|己|业已|均已|已经|均|都已|已全部)?经?(?:收悉|收到|知悉|阅悉|获悉|受理|登记)了?"
_RECEIPT = re.compile(
    f"{_WHAT}{_US}?{_ARRIVED}|(?:{_US})?(?:已|已经)?(?:收到|收悉)了?{_YOU}{_TOLD}的?{_QUOTED}的?(?:宝贵)?{_MATTER}"
)

_NAMED = "(?:[“\"'(][^”\"')]{0,20}[”\"')]|[A-Za-z]{0,3}\\d{2,})"
_CALLED = "(?:网友|网民|市民|居民|村民|群众|来信人|用户|朋友|同志|先生|女士|家长|业主)(?:们|朋友|同志)?"
_GREETING = re.compile(
    f"(?:(?:尊敬|亲爱)的)?(?:各位|广大)?(?:{_CALLED})?{_NAMED}?(?:{_CALLED})?(?:[您你](?:们)?好|大家好)?|[\\w*]{{1,3}}(?:先生|女士|同志)"
)

_KINDNESS = (
    "(?:关心|支持|理解|监督|信任|配合|参与|建议|意见|留言|来信|来电|关注|厚爱|反映|反馈|问政|提醒|鼓励|帮助|建言)"
)
_KINDNESSES = f"(?:宝贵|大力|积极)?{_KINDNESS}(?:[、和与及](?:宝贵|大力|积极)?{_KINDNESS})*"
_POLITE = re.compile(
    rf"(?:(?:再次|非常|衷心|十分|最后|在此)*表?示?(?:感谢|谢谢){_YOU}?(?:来信|来电)?(?:对[^,。;:]{{1,24}})?的?(?:{_KINDNESSES})?)"
    rf"|(?:欢迎{_YOU}?(?:继续|一如既往)?(?:地)?(?:[监督支持关注和、与]+)(?:我们的|我[县区市局镇]的?)?(?:工作)?)"
    r"|(?:特此|专此)?(?:回复|答复|告知|函复)|此复|(?:顺)?祝[您你]?(?:生活|工作|身体|阖家|万事|一切|学习)?(?:愉快|顺利|健康|幸福|如意|进步)"
    rf"|(?:请{_YOU}?)?耐心等待(?:回复|答复)?"
    rf"|{_US}?(?:会|将|会将)?尽快(?:给|对|向)?{_YOU}?(?:予以|作出|做出)?(?:回复|答复){_YOU}?"
)


def is_receipt(reply: str) -> bool:
    """Whether ``reply`` says no more than that the request has been received, with or without a greeting.

    >>> is_receipt("网友：您好！留言已收悉")
    True
    >>> is_receipt("已收悉。"), is_receipt("您好，您的留言已收悉，感谢您的支持")
    (True, True)
    >>> is_receipt("您好，已收悉。路灯将于周五前修好。"), is_receipt("您的留言已收悉，已转市公安局调查处理。")
    (False, False)
    """
    if len(reply) > 4 * _LONGEST:  # however much of it is space
        return False
    text = unicodedata.normalize("NFKC", reply).strip()
    if not text or len(text) > _LONGEST:
        return False
    clauses = [c.strip("、") for c in _ENDS.split(_DATE.sub(" ", text))]
    received = False
    for clause in filter(None, clauses):
        if _RECEIPT.fullmatch(_without_name(clause)):
            received = True
        elif not (_POLITE.fullmatch(clause) or (not received and _GREETING.fullmatch(clause))):
            return False
    return received


def _without_name(clause: str) -> str:
    """A clause without the name or greeting that stands right before its first word."""
    found = re.match(f"(?:{_CALLED})?{_NAMED}(?=[^”\"')])|[您你]好(?=.)|(?:{_CALLED})(?=[您你])", clause)
    return clause[found.end() :] if found else clause
