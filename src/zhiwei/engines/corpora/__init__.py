"""Corpora of judged answers: demands, checks, agreement, copies, noise, splits, marks, descriptions."""

from zhiwei.engines.corpora.agreement import Agreement, agreement
from zhiwei.engines.corpora.demands import Demands, demands_from
from zhiwei.engines.corpora.duplicates import clusters, plain, text_hash
from zhiwei.engines.corpora.errors import CorpusError
from zhiwei.engines.corpora.marking import (
    ContentHash,
    marked_order,
    public_id,
    record_hash,
    record_line,
    trace,
)
from zhiwei.engines.corpora.metadata import Column, Description, File, Table, croissant, frictionless
from zhiwei.engines.corpora.noise import Doubt, doubtful_labels
from zhiwei.engines.corpora.pictures import (
    MOST_JOINED,
    Picture,
    join_pictures,
    measure_picture,
    picture_faults,
)
from zhiwei.engines.corpora.splits import SPLITS, assign_splits, leaks
from zhiwei.engines.corpora.spread import BANDS, Band, Spread, band_of, spread_of
from zhiwei.engines.corpora.verifying import Verified, verify_copy

__all__ = [
    "BANDS", "MOST_JOINED", "SPLITS", "Agreement", "Band", "Column", "ContentHash", "CorpusError", "Demands",
    "Description", "Doubt", "File", "Picture", "Spread", "Table", "Verified", "agreement", "assign_splits", "band_of",
    "clusters", "croissant", "demands_from", "doubtful_labels", "frictionless", "join_pictures", "leaks",
    "marked_order", "measure_picture", "picture_faults", "plain", "public_id", "record_hash", "record_line",
    "spread_of", "text_hash", "trace", "verify_copy",
]  # fmt: skip
