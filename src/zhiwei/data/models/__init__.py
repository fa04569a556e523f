"""Tables of the data room, one file per aggregate."""

from zhiwei.data.models.corpus import CheckResult, Corpus, CorpusEntry, Review
from zhiwei.data.models.version import Download, Grant, Recall, Version, VersionMember

__all__ = [
    "CheckResult",
    "Corpus",
    "CorpusEntry",
    "Download",
    "Grant",
    "Recall",
    "Review",
    "Version",
    "VersionMember",
]
