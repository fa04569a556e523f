"""Words of mathematics: functions, constants, Greek letters, and how each way of writing them is read."""

from __future__ import annotations


def _words(text: str) -> list[str]:
    return text.split()


FUNCTIONS: dict[str, str] = {
    **{
        name: name
        for name in _words(
            "sin cos tan cot sec csc sinh cosh tanh coth sech csch asin acos atan acot asec acsc asinh "
            "acosh atanh "
            "ln lg log exp sqrt cbrt abs floor ceil sign gamma binomial root factorial max min gcd lcm "
            "diff sum "
            "product det re im conj arg"
        )
    },
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arccot": "acot",
    "tg": "tan",
    "ctg": "cot",
    "arctg": "atan",
    "cosec": "csc",
    "cosech": "csch",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "arsinh": "asinh",
    "arcosh": "acosh",
    "artanh": "atanh",
    "signum": "sign",
    "sgn": "sign",
    "ceiling": "ceil",
    "noundiff": "diff",
    "prod": "product",
    "nthroot": "root",
}
PREFIX_FUNCTIONS = frozenset(
    _words(
        "sin cos tan cot sec csc sinh cosh tanh coth sech csch asin acos atan acot asinh acosh atanh ln "
        "lg log exp "
        "max min gcd lcm det re im arg"
    )
)
MULTI_ARGUMENT = frozenset(
    {"binomial", "root", "max", "min", "gcd", "lcm", "diff", "sum", "product", "log", "lg", "atan"}
)
GREEK = frozenset(
    _words(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron rho sigma tau "
        "upsilon phi chi psi "
        "omega Alpha Beta Gamma Delta Theta Lambda Xi Sigma Upsilon Psi Omega varepsilon vartheta varphi"
    )
)
GREEK_LETTERS = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "η": "eta",
    "θ": "theta",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ν": "nu",
    "ξ": "xi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "φ": "phi",
    "ϕ": "phi",
    "ψ": "psi",
    "ω": "omega",
    "Δ": "Delta",
    "Γ": "Gamma",
    "Θ": "Theta",
    "Λ": "Lambda",
    "Σ": "Sigma",
    "Ω": "Omega",
    "χ": "chi",
    "ζ": "zeta",
}
WORD_CONSTANTS = {
    "pi": "pi",
    "%pi": "pi",
    "π": "pi",
    "inf": "inf",
    "infinity": "inf",
    "infty": "inf",
    "oo": "inf",
    "∞": "inf",
    "%e": "e",
    "%i": "i",
    "e": "e",
    "i": "i",
    "varnothing": "empty",
    "emptyset": "empty",
    "∅": "empty",
    "ℝ": "ℝ",
    "true": "true",
    "false": "false",
    "all": "true",
    "none": "false",
    "reals": "ℝ",
    "minf": "minf",
    "exponentialE": "e",
    "imaginaryI": "i",
    "ℕ": "ℕ",
    "ℤ": "ℤ",
    "ℚ": "ℚ",
}
WORD_OPERATORS = {
    "or": "or",
    "and": "and",
    "not": "not",
    "lor": "or",
    "land": "and",
    "lnot": "not",
    "neg": "not",
    "vee": "or",
    "wedge": "and",
    "nounor": "or",
    "nounand": "and",
    "nounnot": "not",
    "implies": "implies",
    "xor": "xor",
    "xnor": "xnor",
    "Rightarrow": "implies",
    "cup": "union",
    "cap": "intersect",
    "setminus": "setminus",
    "union": "union",
    "in": "in",
    "notin": "notin",
    "cdot": "*",
    "times": "*",
    "div": "/",
    "ast": "*",
    "star": "*",
    "pm": "±",
    "mp": "∓",
    "le": "<=",
    "leq": "<=",
    "leqslant": "<=",
    "ge": ">=",
    "geq": ">=",
    "geqslant": ">=",
    "ne": "!=",
    "neq": "!=",
    "lt": "<",
    "gt": ">",
    "mid": "|",
    "vert": "|",
    "lvert": "|",
    "rvert": "|",
    "colon": ":",
    "circ": "°",
    "degree": "°",
    "percent": "%",
    "prime": "'",
    "perp": "perp",
    "parallel": "parallel",
    "equiv": "=",
    "approx": "≈",
    "Leftrightarrow": "iff",
    "to": "to",
    "backslash": "setminus",
    "ratio": ":",
    "lbrace": "\\{",
    "rbrace": "\\}",
    "lbrack": "[",
    "rbrack": "]",
    "lparen": "(",
    "rparen": ")",
}
CHINESE_WORDS = {
    "或者": "or",
    "或": "or",
    "并且": "and",
    "而且": "and",
    "且": "and",
    "和": ",",
    "与": ",",
    "及": ",",
    "非": "not",
    "大于等于": ">=",
    "小于等于": "<=",
    "不等于": "!=",
    "不大于": "<=",
    "不小于": ">=",
    "大于": ">",
    "小于": "<",
    "等于": "=",
    "正负": "±",
    "根号": "√",
    "派": "pi",
    "的平方": "²",
    "平方": "²",
    "的立方": "³",
    "立方": "³",
    "次方": "th",
    "加上": "+",
    "加": "+",
    "减去": "-",
    "减": "-",
    "乘以": "*",
    "乘": "*",
    "除以": "/",
    "空集": "∅",
    "无解": "∅",
    "没有实数根": "∅",
    "无实数根": "∅",
    "无实根": "∅",
    "无实数解": "∅",
    "全体实数": "ℝ",
    "任意实数": "ℝ",
    "一切实数": "ℝ",
    "实数集": "ℝ",
    "正无穷": "+inf",
    "负无穷": "-inf",
    "无穷大": "inf",
    "无穷": "inf",
    "约等于": "≈",
    "属于": "in",
    "其中": ",",
    "当": " ",
    "时": " ",
}
UNITS_ZH = _words(
    "平方厘米 平方分米 平方米 平方千米 立方厘米 立方分米 立方米 厘米 毫米 分米 千米 公里 公顷 毫升 千克 "
    "公斤 小时 分钟 米 克 吨 升 秒 元 角 个 "
    "人 只 头 本 支 棵 件 天 年 岁 名 次 条 张 块 辆 台 套 组 页 题 分 种 度 户 枝 盒 袋 筐 箱 把 双 颗 "
    "朵 位 根 间 斤 亩"
)
UNITS_EN = frozenset(
    _words(
        "cm mm km dm kg mg ml mL kPa Pa Hz kHz MHz min hr hrs hour hours minutes minute seconds second "
        "meters meter metres "
        "metre miles mile inches inch feet foot ft yards dollars dollar cents units unit degrees degree "
        "deg rad mol kJ kW kWh "
        "people days day years year weeks week months month grams gram liters litres pounds lbs percent pct"
    )
)
