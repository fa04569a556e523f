"""Tables of the kernel, one file per aggregate."""

from zhiwei.kernel.models.account import Account, Device, RateCount, SignInLink
from zhiwei.kernel.models.blob import Blob, PlatformKey, TenantKey
from zhiwei.kernel.models.elevation import Elevation, ExportRequest, SafetyPolicy
from zhiwei.kernel.models.erasure import Erasure
from zhiwei.kernel.models.identity import IdentityLink, IdentityProvider, IdentityReply
from zhiwei.kernel.models.organisation import Organisation
from zhiwei.kernel.models.person import Consent, Guardianship, Holding, Person
from zhiwei.kernel.models.roster import RosterImport, RosterState
from zhiwei.kernel.models.seal import AuditSeal
from zhiwei.kernel.models.second_factor import RecoveryCode, SecondFactor
from zhiwei.kernel.models.token import ApiAnswer, ApiToken
from zhiwei.kernel.models.trail import AuditRow
from zhiwei.kernel.models.work import Delivery, Event, Job, JobState, Notification

__all__ = [
    "Account",
    "ApiAnswer",
    "ApiToken",
    "AuditRow",
    "AuditSeal",
    "Blob",
    "Consent",
    "Delivery",
    "Device",
    "Elevation",
    "Erasure",
    "Event",
    "ExportRequest",
    "Guardianship",
    "Holding",
    "IdentityLink",
    "IdentityProvider",
    "IdentityReply",
    "Job",
    "JobState",
    "Notification",
    "Organisation",
    "Person",
    "PlatformKey",
    "RateCount",
    "RecoveryCode",
    "RosterImport",
    "RosterState",
    "SafetyPolicy",
    "SecondFactor",
    "SignInLink",
    "TenantKey",
]
