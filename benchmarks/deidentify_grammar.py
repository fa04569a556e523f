"""Texts with known personal data, made by the grammar of school documents; seeded."""

from __future__ import annotations

import random
from dataclasses import dataclass

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余"
    "叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段"
    "雷黎史龙陶贺顾毛郝龚邵万钱严覃武莫孔汤盛季柴骆蒙翟殷申欧聂鲁岳柯管卞裴祝应单詹"
)
_COMPOUND = ("欧阳", "上官", "司马", "诸葛", "夏侯", "慕容", "尉迟", "皇甫", "令狐", "东方")
_GIVEN_TWO = (
    "梓涵子轩雨桐浩然欣怡一诺思源佳琪俊杰文博嘉懿语嫣沐辰若曦奕辰诗涵宇航雅琳晨曦天佑梦瑶子墨"
    "可欣泽宇静雯博文紫萱明轩依诺立群建国秀英桂兰志强丽华国庆海燕春梅永强红霞玉珍德明淑芬小军"
    "爱民卫东美玲金花长河宝山晓燕文静学军国栋亚楠维桢守拙望舒砚清予安知夏北辰秉文听澜怀瑾既明"
    "漱玉令仪星野景行云舒以宁芷若启明承泽仲谋采薇乐言思齐慕白"
)
_GIVEN = [_GIVEN_TWO[at : at + 2] for at in range(0, len(_GIVEN_TWO), 2)] + list(
    "丹磊静敏强涛洋艳杰婷宁鑫越睿凯帆航昊蕾琦倩璐远朗"
)
_ETHNIC = (
    "阿依古丽·买买提",
    "迪丽热巴·艾山",
    "艾力·吐尔逊",
    "扎西卓玛",
    "次仁多吉",
    "古丽娜尔·阿不都",
    "木呷·阿苦",
)
_CITIES = (
    ("浙江省", "杭州市", "拱墅区"),
    ("江苏省", "苏州市", "吴中区"),
    ("四川省", "成都市", "武侯区"),
    ("河南省", "信阳市", "光山县"),
    ("广东省", "佛山市", "顺德区"),
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ROADS = ("文晖路", "人民中路", "建设大道", "丰潭路", "解放街", "学院路", "滨河东路", "桂花巷")
_ESTATES = ("翠竹花园", "金地自在城", "府苑新村", "香樟公寓", "阳光小区", "景芳三区")
_SCHOOLS = ("春晖中学", "实验小学", "第三中学", "外国语学校", "育英小学", "高级中学")
_PLAIN = (
    "解：设甲的速度为{n}千米/时，{m}小时后相遇，列方程得{n}x+{m}=360。",
    "那天下着小雨，我撑着伞走在石板路上，心里想着鲁迅先生写过的百草园。",
    "本次活动费用{n}元，订单号2025{n}{m}77{n}{m}，请保留凭证。",
    "光的传播速度约为299792458米每秒，太阳到地球约149600000千米。",
    "马上就要考试了，大家都很高兴，又有些紧张，方法总比困难多。",
    "李白和杜甫的友谊，白居易与元稹的唱和，都是诗坛佳话。",
    "19{m}年的那个夏天，黄河边的小村庄还没有通电，江水静静地流。",
    "实验测得电阻为{n}.{m}欧，电流0.{m}安，误差在{m}%以内。",
)
_FORMS: tuple[str, ...] = (
    "姓名：{name}　性别：女　身份证号：{citizen_id}　联系电话：{mobile}",
    "学生{name}，学籍号{pupil_number}，{school}{class}，家住{address}。",
    "老师您好，我是{name}的妈妈，孩子今天发烧，想请假一天，我的电话{mobile}。",
    "经查，{name}与{name}在走廊发生争执，班主任{name}已通知家长（{mobile}）。",
    "表扬名单：{name}、{name}、{name}、{name}。",
    "我叫{name}，在{class}读书，我最好的朋友是{name}。",
    "请{name}同学到教务处领取准考证，联系人{name}老师，座机{landline}。",
    "出生日期：{birth_date}　户籍地址：{address}　邮箱：{email}",
    "缴费银行卡号{bank_card}，户名{name}，车牌{plate}。",
    "{name}说他的QQ：{qq}，微信号：{wechat}，有事找他。",
    "今天{name}上课走神了，{name}的作业写得很认真，值得表扬。",
    "收件人：{name}，{mobile}，{address}",
    "身份证{citizen_id}的考生{name}缺考，已电话{mobile}核实。",
    "护照号{passport}，持有人{name}，{birth_date}出生。",
    "“{name}！”老师点了我的名字，我赶紧站起来。",
    "昨天{name}在操场摔倒，{name}和{name}把他扶到医务室。",
)  # fmt: skip


@dataclass(frozen=True)
class Labelled:
    """A text and its personal data as (start, end, class)."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


class Grammar:
    """Draws documents; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names: set[str] = set()

    def documents(self, count: int) -> list[Labelled]:
        """``count`` documents: two with personal data to one without."""
        return [self._fill(self.random.choice(_PLAIN if turn % 3 == 2 else _FORMS)) for turn in range(count)]

    def _fill(self, form: str) -> Labelled:
        pieces = form.replace("}", "{").split("{")
        text, spans = "", []
        for place, piece in enumerate(pieces):
            value = getattr(self, f"_{piece}")() if place % 2 else piece
            if place % 2 and piece not in {"n", "m"}:
                spans.append((len(text), len(text) + len(value), piece))
            text += value
        return Labelled(text, tuple(spans))

    def _digits(self, count: int) -> str:
        return "".join(self.random.choices("0123456789", k=count))

    def _n(self) -> str:
        return str(self.random.randint(100, 999))

    def _m(self) -> str:
        return str(self.random.randint(10, 99))

    def _name(self) -> str:
        roll = self.random.random()
        surname = self.random.choice(_COMPOUND) if roll < 0.04 else self.random.choice(_SURNAMES)
        name = self.random.choice(_ETHNIC) if roll > 0.97 else surname + self.random.choice(_GIVEN)
        self.names.add(name)
        return name

    def _citizen_id(self) -> str:
        place = self.random.choice(("330106", "110105", "510107", "411522"))
        first = f"{place}20{self._year()}{self._day()}{self._digits(3)}"
        total = sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True))
        valid = self.random.random() < 0.6
        number = first + ("10X98765432"[total % 11] if valid else self.random.choice("0123456789X"))
        spaced = f"{number[:6]} {number[6:14]} {number[14:]}"
        return self.random.choice((number, number, number.lower(), spaced, self._wide(number)))

    def _wide(self, text: str) -> str:
        return "".join(chr(ord(char) + 0xFEE0) for char in text)

    def _year(self) -> str:
        return f"{self.random.randint(5, 18):02d}"

    def _day(self) -> str:
        return f"{self.random.randint(1, 12):02d}{self.random.randint(1, 28):02d}"

    def _pupil_number(self) -> str:
        return f"{self.random.choice('GGGL')}33010620{self._year()}{self._day()}{self._digits(4)}"

    def _mobile(self) -> str:
        number = f"1{self.random.choice('3456789')}{self._digits(9)}"
        spoken = number.translate(str.maketrans("0123456789", "零一二三四五六七八九"))
        parts = (number[:3], number[3:7], number[7:])
        plain = (number, number, number, f"+86 {number}")
        return self.random.choice((*plain, "-".join(parts), " ".join(parts), self._wide(number), spoken))

    def _landline(self) -> str:
        number = f"{self.random.randint(2, 9)}{self._digits(7)}"
        written = (f"0571-{number}", f"(0571){number}", f"0571 {number}", f"010-{number}-802")
        return self.random.choice(written)

    def _email(self) -> str:
        person = self.random.choice(("lily", "wang.xin", "zhm_07", "jiazhang"))
        return f"{person}{self._digits(3)}@{self.random.choice(('qq.com', '163.com', 'hz.edu.cn'))}"

    def _qq(self) -> str:
        return str(self.random.randint(1, 9)) + self._digits(self.random.randint(5, 9))

    def _wechat(self) -> str:
        return self.random.choice(("wxid_", "lin_", "hz-mama", "Tian")) + self._digits(8)

    def _bank_card(self) -> str:
        number = f"62{self.random.choice(('2202', '1700', '8480'))}{self._digits(13)}"
        return self.random.choice((number, " ".join(number[at : at + 4] for at in range(0, 19, 4))))

    def _plate(self) -> str:
        place = self.random.choice("浙苏京川豫") + self.random.choice("ABCD") + self.random.choice(("·", ""))
        return f"{place}{self._digits(2)}{self.random.choice('KMX')}{self._digits(2)}"

    def _passport(self) -> str:
        letters = self.random.choice(("E", "G", "EA"))
        return letters + self._digits(9 - len(letters))

    def _birth_date(self) -> str:
        year, month, day = f"20{self._year()}", self.random.randint(1, 12), self.random.randint(1, 28)
        written = (f"{year}年{month}月{day}日", f"{year}-{month:02d}-{day:02d}", f"{year}/{month}/{day}")
        return self.random.choice(written)

    def _address(self) -> str:
        province, city, county = self.random.choice(_CITIES)
        flat = self.random.randint(101, 1804)
        door = f"{self.random.randint(1, 40)}幢{self.random.randint(1, 4)}单元{flat}室"
        road = f"{self.random.choice(_ROADS)}{self.random.randint(1, 900)}号"
        estate = self.random.choice(_ESTATES) + door
        return (
            self.random.choice((province + city, city))
            + county
            + self.random.choice((road + estate, estate, road))
        )

    def _school(self) -> str:
        return self.random.choice(_CITIES)[1] + self.random.choice(_SCHOOLS)

    def _class(self) -> str:
        number = self.random.randint(1, 15)
        written = (f"八年级（{number}）班", f"初二{number}班", f"高一({number})班", f"七年级{number}班")
        return self.random.choice(written)
