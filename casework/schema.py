"""All tables of casework in one place, for the migrations."""

from casework import cases, conversations, escalations, evidence, log, orders, verification
from casework.tables import Base

__all__ = [
    "cases",
    "conversations",
    "escalations",
    "evidence",
    "log",
    "metadata",
    "orders",
    "verification",
]

metadata = Base.metadata
