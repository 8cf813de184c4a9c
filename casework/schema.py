"""All tables of casework in one place, for the migrations."""

from casework import (
    accounts,
    api_clients,
    audit,
    cases,
    conversations,
    escalations,
    evidence,
    log,
    news,
    orders,
    presence,
    queue_rows,
    shop_events,
    turns,
    uploads,
    verification,
    web_sessions,
)
from casework.outgoing import outbox
from casework.tables import Base
from casework.training import unclear

__all__ = [
    "accounts",
    "api_clients",
    "audit",
    "cases",
    "conversations",
    "escalations",
    "evidence",
    "log",
    "metadata",
    "news",
    "orders",
    "outbox",
    "presence",
    "queue_rows",
    "shop_events",
    "turns",
    "unclear",
    "uploads",
    "verification",
    "web_sessions",
]

metadata = Base.metadata
