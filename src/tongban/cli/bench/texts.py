"""Invented requests and answers: about 150 Chinese characters of everyday trouble, no two alike."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

# A word that one request in some ten thousand holds, and two that very many hold: for searches.
RARE = "锦鲤池"
COMMON = "路灯"
TWO = "路灯 排水沟"
_RARELY = 20_000

_PLACES = (
    "村口",
    "小区北门",
    "菜场旁边",
    "河边步道",
    "学校门口",
    "老街中段",
    "厂区外",
    "公交站后面",
    "卫生院对面",
    "桥头",
)
_THINGS = (
    "路灯", "排水沟", "健身器材", "公交站牌", "垃圾房", "河道护栏", "消防通道", "电梯", "自来水管", "红绿灯", "停车位", "化粪池",
    "行道树", "广场音响", "网络基站", "充电桩", "挡土墙", "窨井盖", "斑马线", "围墙",
)  # fmt: skip
_TROUBLES = (
    "坏了{n}天没有人修", "被挖开以后一直没有恢复", "每到下雨就积水", "半夜还在响，老人睡不着", "被占用，车子进不来", "有很重的异味",
    "已经松动，孩子经过很危险", "收费不合理，没有公示", "夜里一片漆黑", "和图纸上说的不一样", "漏水，墙面都发霉了", "多次反映没有结果",
)  # fmt: skip
_PASTS = (
    "上周已经有一位老人在这里摔倒受伤。", "我们打过{n}次电话，都说在安排。", "村里说要等镇里统一安排，但一直没有消息。",
    "附近{n}户人家都受影响。", "去年冬天修过一次，没几天又坏了。", "物业和施工单位互相推，谁也不管。",
    "车间{n}个工人每天都要经过这里。", "照片已经发到群里，网格员也来看过。", "孩子上学要绕很远的路。", "银行说材料不全，让我们再补一次。",
    "贷款下个月到期，资金周转很紧张。", "招工信息发了{n}天，只来了几个人。",
)  # fmt: skip
_HOPES = (
    "希望有关部门尽快派人来看看，给大家一个明确的答复，谢谢。", "请问什么时候可以解决？", "能不能先放个警示牌，再安排维修？",
    "请告诉我们该找哪个部门，需要准备什么材料。", "盼望在年底前处理好，感谢！", "请政府出面协调一下，帮企业渡过难关。",
)  # fmt: skip
_ANSWERS = (
    "您好，您反映的{thing}问题我们已到现场查看。计划在{n}个工作日内完成处理，由工程科负责，处理后会再次回访。感谢您的监督。",
    "经核实，{thing}由施工单位负责维护，已责令其整改，{n}日前恢复。如有疑问请致电我单位办公室。",
    "关于{thing}的情况，已会同村里研究，纳入本季度维修计划，预计{n}天内进场。给您带来不便，敬请谅解。",
)


class Texts:
    """Draws requests and answers."""

    def __init__(self, rng: Random, villages: Sequence[str]) -> None:
        self.rng, self.villages = rng, villages

    def request(self) -> str:
        """What somebody asks."""
        draw, pick = self.rng.random, self._pick
        number = int(draw() * 180) + 2
        parts = [
            f"{pick(self.villages)}{pick(_PLACES)}的{pick(_THINGS)}{pick(_TROUBLES)}，",
            f"旁边的{pick(_THINGS)}也{pick(_TROUBLES)}。",
            pick(_PASTS), pick(_PASTS), f"（第{int(draw() * 9_999_999)}次观察）", pick(_PASTS), pick(_HOPES),
        ]  # fmt: skip
        if draw() < 0.4:
            parts.insert(4, f"{pick(self.villages)}那边的{pick(_THINGS)}也是这样，{pick(_TROUBLES)}。")
        if draw() * _RARELY < 1:
            parts.append(f"另外{RARE}的水也浑了。")
        return "".join(parts).replace("{n}", str(number))

    def answer(self) -> str:
        """What a unit answers."""
        return self._pick(_ANSWERS).format(thing=self._pick(_THINGS), n=int(self.rng.random() * 14) + 1)

    def _pick(self, among: Sequence[str]) -> str:
        return among[int(self.rng.random() * len(among))]
