"""Codes of firms and telephones: checked and brought into one form."""

from __future__ import annotations

import re

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

from tongban.core.labels import Label
from tongban.core.refusals import Refused, declare

declare(
    {
        "credit_code.shape": Label(
            "统一社会信用代码是 18 位数字和大写字母（没有 I、O、S、V、Z），您填了 {length} 位。请照营业执照再核对一次。",
            "A unified social credit code has 18 digits and capital letters (never I, O, S, V or Z); this one has {length}."
            " Please compare it with the business licence.",
        ),
        "credit_code.checksum": Label(
            "这个统一社会信用代码最后一位对不上，多半有一位抄错了。请照营业执照再核对一次。",
            "The last sign of this credit code does not fit the others, so one of them is probably mistyped."
            " Please compare it with the business licence.",
        ),
        "phone.shape": Label(
            "请填 11 位手机号（以 1 开头），例如 13800000000。",
            "Please give a mobile number of 11 digits beginning with 1, such as 13800000000.",
        ),
    }
)

_MOBILE = re.compile(r"1[3-9]\d{9}")
_WIDE = str.maketrans("０１２３４５６７８９＋－（）　", "0123456789+-() ")


def credit_code(typed: str) -> str:
    """The checked 18-character code (GB 32100-2015), or a refusal that says what is wrong."""
    tidy = "".join(typed.translate(_WIDE).split()).replace("-", "").upper()
    try:
        return str(uscc.validate(tidy))
    except InvalidChecksum:
        raise Refused("credit_code.checksum", field="credit_code") from None
    except ValidationError:
        raise Refused("credit_code.shape", field="credit_code", length=len(tidy)) from None


def phone(typed: str) -> str:
    """A mainland mobile number as 11 digits, or a refusal.

    >>> phone("+86 139-1234-7710")
    '13912347710'
    """
    digits = re.sub(r"[\s\-()]", "", typed.translate(_WIDE))
    digits = re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", digits)
    if not _MOBILE.fullmatch(digits):
        raise Refused("phone.shape", field="phone")
    return digits
