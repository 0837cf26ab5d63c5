"""What is taken for personal, and what is left alone."""

from __future__ import annotations

import pytest

from tongban.engines.cases.logic.comparing import pieces
from tongban.engines.cases.logic.redacting import Kind, Known, left_over, redacted

KNOWN = Known(("陈居民", "俞经办"), "平湖市泖新精密机械有限公司")


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("我叫赵小六，请回电138 0000 0001。", "我叫【姓名】，请回电【电话】。"),
        ("电话１３８００００００１１，座机(0573)85012345", "电话【电话】，座机【电话】"),
        ("身份证33048219900101123X丢了", "身份证【证件号】丢了"),
        ("信用代码91330482MA2B000008", "信用代码【证件号】"),
        ("卡号6222 0212 3456 7890 123没到账", "卡号【账号】没到账"),
        ("浙F·12345和浙FD12345挡路", "【车牌】和【车牌】挡路"),
        ("写给 chen.ju@example.org 或微信chen_ju88", "写给 【邮箱】 或微信【联系方式】"),
        ("解放路128号3幢2单元501室漏水", "解放路【门牌】漏水"),
        ("三号楼东边", "【门牌】东边"),
        ("陈居民和王师傅说，俞经办来过", "【姓名】和【姓名】说，【姓名】来过"),
        ("泖新精密机械招不到人", "【企业名】招不到人"),
        ("Please call 13800000001.", "Please call [phone]."),
        ("母亲在上海开刀，家里是低保户", "母亲在上海【健康情况】，家里是【家庭困难情况】"),
        ("隔壁残疾人一个人住，癌症晚期", "隔壁【健康情况】一个人住，【健康情况】晚期"),
        ("My father is disabled and low-income.", "My father is [health] and [means]."),
    ],
)
def test_what_is_personal_is_taken_out(text: str, public: str) -> None:
    assert redacted(text, KNOWN) == public


@pytest.mark.parametrize(
    "text",
    [
        "5月12号起停水三天，2026年11月20日恢复。",
        "12号线末班车21:30",
        "国发〔2025〕18号文",
        "补贴每亩1200元，共20000000元，已拨付。",
        "请拨12345或110。",
        "新埭镇泖口村的路灯",
        "生活污水处理站总是有味道",
        "市残疾人联合会门口的斜坡太陡，医院手术室的灯坏了，大病保险在哪里交",
    ],
)
def test_what_is_not_is_left_alone(text: str) -> None:
    assert redacted(text, Known()) == text


def test_a_firm_that_agreed_is_named() -> None:
    assert redacted("平湖市泖新精密机械有限公司", Known()) == "平湖市泖新精密机械有限公司"


def test_what_is_left_is_named_once() -> None:
    assert left_over(("打13800000001", "再打13800000001"), Known()) == [(Kind.PHONE, "13800000001")]
    assert left_over(("打【电话】",), KNOWN) == []


def test_texts_are_woven_without_losing_a_word() -> None:
    original, public = "请找陈居民，住3幢501室。\n谢谢", "请找【姓名】，住【门牌】。谢谢您"
    woven = pieces(original, public)
    assert "".join(w for kind, w in woven if kind != "new") == original
    assert "".join(w for kind, w in woven if kind != "gone") == public
    assert ("gone", "3幢501室") in woven
