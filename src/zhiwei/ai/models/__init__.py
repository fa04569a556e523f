"""Tables of the AI room, one file per aggregate."""

from zhiwei.ai.models.call import Alert, Call, CallContent
from zhiwei.ai.models.key import GatewayKey
from zhiwei.ai.models.ledger import Account, Budget, Hold, LedgerEntry
from zhiwei.ai.models.provider import GatewayModel, Price, Provider

__all__ = [
    "Account",
    "Alert",
    "Budget",
    "Call",
    "CallContent",
    "GatewayKey",
    "GatewayModel",
    "Hold",
    "LedgerEntry",
    "Price",
    "Provider",
]
