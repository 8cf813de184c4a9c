"""All tables of casework in one place, for the migrations."""

# ruff: noqa: F401  (each import makes its tables known)
import casework.api.clients
import casework.cases.case
import casework.cases.escalations
import casework.cases.log
import casework.conversations.conversation
import casework.conversations.news
import casework.conversations.presence
import casework.conversations.turns
import casework.conversations.web_sessions
import casework.evidence.evidence
import casework.evidence.uploads
import casework.orders.events
import casework.orders.order
import casework.orders.verification
import casework.outgoing.outbox
import casework.people.accounts
import casework.people.audit
import casework.queue.rows
import casework.training.unclear
from casework.storage.tables import Base

metadata = Base.metadata
