"""Fictional Chinese names, drawn with a seeded generator."""

from __future__ import annotations

import random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾"
    "丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹"
    "黎易常武乔贺赖龚文"
)
GIVEN_FIRST = "子梓思雨宇浩欣诗佳嘉俊雅若明文晨奕可一语芷沐书景泽天安锦怡星清允知乐"
GIVEN_SECOND = "涵轩怡萱宸睿妍彤琪航阳辰桐悦宁然瑶博霖凡雯洋帆溪言舟屿禾齐珩初柠"


class Names:
    """Hands out names without repeating one."""

    def __init__(self, generator: random.Random) -> None:
        self._generator = generator
        self._used: set[str] = set()

    def fresh(self, surname: str = "") -> str:
        """Return a name not handed out before, with a given surname where one is asked for."""
        while True:
            pick = self._generator.choice
            given = pick(GIVEN_FIRST) + (pick(GIVEN_SECOND) if self._generator.random() < 0.85 else "")
            name = (surname or pick(SURNAMES)) + given
            if name not in self._used:
                self._used.add(name)
                return name
