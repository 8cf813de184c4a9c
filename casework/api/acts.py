"""An act that one of the shop's systems asks for: done as at the desk, once a key, and audited."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.api.clients import ApiClient
from casework.cases.acts import Told, perform
from casework.cases.case import Case
from casework.cases.holding import hold_case
from casework.cases.writing import check_key
from casework.errors import CaseworkError
from casework.people.audit import AuditEntry, note_act

# Systems act with an agent's rights: within the policy, never beyond it.
ROLE = "agent"


def act_for_client(
    session: Session,
    case: Case,
    client: ApiClient,
    act: str,
    data: Mapping[str, str],
    *,
    key: str,
    now: datetime,
) -> Told:
    """Do the act and note it in the audit log; the client's ``key`` again tells the same.

    Raises:
        CaseworkError: as for `casework.cases.acts.perform`, or the key came with something else
            before.
    """
    asked = hashlib.sha256(json.dumps([act, data], sort_keys=True).encode()).hexdigest()
    log_key = f"api:{client.id}:{case.number}:{key}"
    # Held before it is asked whether this was done: two replays at once take turns.
    hold_case(session, case)
    done = check_key(session, log_key, case) is not None
    if done and not _asked_before(session, case, client, key, asked):
        raise CaseworkError(f"The key {key!r} was used for something else on this case")
    told = perform(session, case, act, data, actor=client.actor, role=ROLE, now=now, key=log_key)
    if not done:
        noted = {"key": key, "asked_sha256": asked}
        note_act(session, actor=client.actor, act=act, subject=case.number, data=noted, now=now)
    return told


def _asked_before(session: Session, case: Case, client: ApiClient, key: str, asked: str) -> bool:
    noted = session.scalars(
        select(AuditEntry).where(
            AuditEntry.actor == client.actor, AuditEntry.subject == case.number
        )
    )
    wanted = {"key": key, "asked_sha256": asked}
    return any(one.data == wanted for one in noted)
