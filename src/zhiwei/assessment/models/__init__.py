"""Tables of assessment, one file per aggregate."""

from zhiwei.assessment.models.change import PupilGroup, PupilGroupMember, WorkRevision
from zhiwei.assessment.models.mark import Mark, RegradeRequest, Release
from zhiwei.assessment.models.paper import PaperFile, ScanBatch, ScanFile, ScanPage, SheetTemplate
from zhiwei.assessment.models.sitting import Response, Sitting
from zhiwei.assessment.models.tag import ResponseTag
from zhiwei.assessment.models.work import Target, Work, WorkItem, WorkItemRevision
from zhiwei.assessment.models.wrong import WrongEntry

__all__ = [
    "Mark",
    "PaperFile",
    "PupilGroup",
    "PupilGroupMember",
    "RegradeRequest",
    "Release",
    "Response",
    "ResponseTag",
    "ScanBatch",
    "ScanFile",
    "ScanPage",
    "SheetTemplate",
    "Sitting",
    "Target",
    "Work",
    "WorkItem",
    "WorkItemRevision",
    "WorkRevision",
    "WrongEntry",
]
