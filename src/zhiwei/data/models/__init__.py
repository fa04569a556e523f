"""Tables of the data room, one file per aggregate."""

from zhiwei.data.models.analysis import AnalysisExport, AnalysisRun
from zhiwei.data.models.corpus import CheckResult, Corpus, CorpusEntry, Review
from zhiwei.data.models.quality import QualityReport, QualityResult, QualityRule, QualityRun
from zhiwei.data.models.share import HandedDown, Share, ShareTicket
from zhiwei.data.models.source import Connection, Intake, IntakePart, Source
from zhiwei.data.models.version import Download, Grant, Recall, Version, VersionMember

__all__ = [
    "AnalysisExport",
    "AnalysisRun",
    "CheckResult",
    "Connection",
    "Corpus",
    "CorpusEntry",
    "Download",
    "Grant",
    "HandedDown",
    "Intake",
    "IntakePart",
    "QualityReport",
    "QualityResult",
    "QualityRule",
    "QualityRun",
    "Recall",
    "Review",
    "Share",
    "ShareTicket",
    "Source",
    "Version",
    "VersionMember",
]
