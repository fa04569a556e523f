"""Tables of the AI room, one file per aggregate."""

from zhiwei.ai.models.call import Alert, Call, CallContent
from zhiwei.ai.models.companion import AdultPresence, CompanionChoice, CompanionSetting, Dialogue, Turn
from zhiwei.ai.models.key import GatewayKey
from zhiwei.ai.models.knowledge import KnowledgeBase, KnowledgeDocument, KnowledgePassage
from zhiwei.ai.models.ledger import Account, Budget, Hold, LedgerEntry
from zhiwei.ai.models.marker import MarkerPaper, MarkerPilot
from zhiwei.ai.models.provider import GatewayModel, Price, Provider

__all__ = [
    "Account",
    "AdultPresence",
    "Alert",
    "Budget",
    "Call",
    "CallContent",
    "CompanionChoice",
    "CompanionSetting",
    "Dialogue",
    "GatewayKey",
    "GatewayModel",
    "Hold",
    "KnowledgeBase",
    "KnowledgeDocument",
    "KnowledgePassage",
    "LedgerEntry",
    "MarkerPaper",
    "MarkerPilot",
    "Price",
    "Provider",
    "Turn",
]
