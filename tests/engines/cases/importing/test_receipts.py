"""What is only a receipt. To call an answer a receipt would be worse than the other way round."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tongban.engines.cases.logic.texts import is_receipt


@pytest.mark.parametrize(
    "reply",
    [
        "已收悉", "已收悉。", "收到，谢谢。", "网友：您好！留言已收悉", "您好，您的留言已收悉，感谢您的支持", "你好，已收到！",
        "网友“A00012345”：你好！来信收悉。感谢您对我们工作的关心、监督与支持。2019年5月1日",
        "“UU008389”您的建议已收悉，感谢您对L9县发展的关心和支持。2018年12月27日",
        "尊敬的网友：\u3000\u3000您好！您反映的“路灯不亮”问题我局已收悉。特此回复。 2019.5.1",
        "您好!您的诉求已受理,请耐心等待。", "我们已收到您的留言，将尽快答复您。", "张先生，您好！您的来信已收悉。",
        "市民同志：您好，您的来信已收悉。祝您生活愉快！",
    ],
)  # fmt: skip
def test_it_says_no_more_than_received(reply: str) -> None:
    assert is_receipt(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "", "  ", "您好！", "感谢您的留言。", "2016年6月12日", "“UU0081182”",
        "您好，已收悉。路灯将于周五前修好。", "已收悉，2018年12月27日修好", "已收悉。“路灯周五修好”",
        "您的留言已收悉，已转市公安局调查处理。", "网友：您好，您所反映的问题已转县教育局。", "您好，您的留言已收悉，我们将尽快处理。",
        "网友：您好！留言已收悉，请进一步完善个人信息以便处理。", "留言已收悉，按现有规定不予办理", "您的补贴已登记。", "补贴已收到",
        "您的申请已受理，3个工作日内发证。", "尊敬的网友：您好！您所反映的的事情已收悉，现回复如下：",
        "网友：您好！您所反映的问题已知悉，感谢您的建议留言，我们将会对您的建议进行研究斟酌。", "请咨询K市人社部门。",
        "收到罚款后请缴款", "此事正在调查处理中。", "已收悉。" + "具体情况说明如下。" * 30,
    ],
)  # fmt: skip
def test_it_says_more(reply: str) -> None:
    assert not is_receipt(reply)


def test_reading_takes_no_longer_for_a_text_made_to_be_hard() -> None:
    for hard in (
        "您" * 159,
        "感谢" * 79,
        "关于您反映的" * 26,
        "宝贵关心和" * 31,
        "“" * 159,
        "网友" * 79,
        "在" * 159,
        "1" * 10**6,
    ):
        is_receipt(hard)


def test_of_the_real_replies_exactly_these_are_receipts(shared_data: Path) -> None:
    from python_calamine import CalamineWorkbook

    path = shared_data / "messages/messages_with_replies.xlsx"
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    found = Counter(row[5] for row in rows[1:] if is_receipt(row[5]))
    assert found == {
        "网友：您好！留言已收悉": 32,
        "已收悉": 3,
        "“UU008389”您的建议已收悉，感谢您对L9县发展的关心和支持。2018年12月27日": 1,
    }
