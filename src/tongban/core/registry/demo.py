"""Invented people and firms for a demo county. Names, numbers and codes are drawn; nobody real is meant.

Phones begin with 154 (not given out to anybody), credit codes hold MAT (far ahead of the codes in use).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random

from stdnum.cn import uscc

from tongban.core.ledger.actor import COMMAND
from tongban.core.registry.actions import ask_mandate, confirm_mandate, register_firm
from tongban.core.registry.models import Area, Firm, Person

MARK = "（化名）"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SURNAMES = "沈陆俞钱王张陈朱徐金顾姚马吴周胡曹毛孙许冯李潘倪郁严施蒋戴费"
_GIVEN = _words(
    "国强 建明 永根 金根 阿四 伟民 志华 文斌 海峰 晓东 俊杰 子轩 浩然 佳伟 宏伟 林生 祖荣 新华 建国 卫东 "
    "秀英 美娟 玉珍 丽萍 雪芳 小燕 佳怡 晓敏 婷婷 梦洁 慧娟 丹萍 阿妹 引娣 桂芳 月琴 静 莉 敏 琳 倩 洁 磊 勇 超 斌 军 平 峰 杰 "
    "爱华 明华 根宝 云飞 志强 国平 雪明 林娟 一鸣 宇航 诗涵 丽华 红英 彩萍 晓燕 文杰 卫星 建平 水根 巧云 春燕 佩芬 海燕 永良 少华 梅"
)  # fmt: skip
_FIRST = _words(
    "泖新 鹦湖 东湖 九龙 瀚海 启元 明湖 当湖 金桥 恒远 瑞丰 宏达 天妃 海塘 盛泰 嘉禾 正源 博远 汇通 鼎新 "
    "同辉 乍港 百川 华悦 永昌 德力 锦程 隆兴 佳联 远洲"
)
_TRADES = _words(
    "精密机械 服饰 箱包 童车 光机电 新材料 汽车零部件 紧固件 食品 印刷包装 电子 洁具 家具 塑业 物流 仓储 环保科技 "
    "生物科技 五金 纺织"
)

_ROADS = _words("兴平路 新华路 平善大道 昌盛路 宏建路 环城西路 乍王路 中山路 雅山西路 创业路 新明路 独广公路")


@dataclass(slots=True)
class Names:
    """Draws what has not been drawn before."""

    rng: Random
    _used: set[str]
    _serial: int = 0

    @classmethod
    def of(cls, seed: int) -> Names:
        """The same ``seed`` draws the same names."""
        return cls(Random(seed), set())  # noqa: S311 - invents a past, guards nothing

    def person(self) -> str:
        """A full name."""
        return self._fresh(lambda: self.rng.choice(_SURNAMES) + self.rng.choice(_GIVEN))

    def phone(self) -> str:
        """A mobile number that belongs to nobody."""
        self._serial += 1
        return f"1540{self._serial * 104_729 % 10_000_000:07d}"

    def firm(self) -> str:
        """A firm's name, marked as invented."""
        endings = ("有限公司", "有限公司", "有限公司", "股份有限公司", "厂", "合作社")
        return self._fresh(
            lambda: f"平湖{self.rng.choice(_FIRST)}{self.rng.choice(_TRADES)}{self.rng.choice(endings)}{MARK}"
        )

    def credit_code(self) -> str:
        """A code of Pinghu's register with a right check sign."""
        self._serial += 1
        body = f"91330482MAT{self._serial * 7_919 % 1_000_000:06d}"
        return body + str(uscc.calc_check_digit(body))

    def _fresh(self, draw: Callable[[], str]) -> str:
        for _ in range(1000):
            name = draw()
            if name not in self._used:
                self._used.add(name)
                return name
        raise LookupError("every invented name has been used: draw fewer")


def invent_firm(names: Names, area: Area, at: datetime) -> Firm:
    """A firm in a town, registered."""
    ((name, code, _, address),) = invented_firms(names, [area])
    return register_firm(name=name, credit_code=code, area=area, by=COMMAND, at=at, address=address)


def invented_firms(names: Names, areas: Iterable[Area]) -> Iterator[tuple[str, str, Area, str]]:
    """(name, credit code, town, address) of a firm in each of ``areas``, not registered yet."""
    for area in areas:
        address = f"{area.name_zh}{names.rng.choice(_ROADS)}{names.rng.randint(8, 998)}号"
        yield names.firm(), names.credit_code(), area, address


def let_act(firm: Firm, person: Person, at: datetime) -> None:
    """A clerk who may act for a firm: asked for, and confirmed by somebody else."""
    mandate = ask_mandate(firm=firm, person=person, by=COMMAND, at=at)
    confirm_mandate(mandate=mandate, by=COMMAND, at=at, account_person=None)


def roads() -> Iterator[str]:
    """Names of roads, some of which exist."""
    yield from _ROADS
