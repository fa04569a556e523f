"""Classical test theory: how hard and how telling a question is, how far a sum can be trusted, who differs."""

from zhiwei.engines.classical.compare import Difference, compare_means
from zhiwei.engines.classical.errors import ClassicalError
from zhiwei.engines.classical.intervals import Interval, mean_interval, share_interval
from zhiwei.engines.classical.items import ItemFigures, item_figures
from zhiwei.engines.classical.options import OptionFigures, OptionVerdict, option_figures
from zhiwei.engines.classical.trust import Reliability, reliability

__all__ = [
    "ClassicalError",
    "Difference",
    "Interval",
    "ItemFigures",
    "OptionFigures",
    "OptionVerdict",
    "Reliability",
    "compare_means",
    "item_figures",
    "mean_interval",
    "option_figures",
    "reliability",
    "share_interval",
]
