"""What the tests of outgoing news share."""

import base64
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.outgoing.outbox import Notice

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes .....").decode()
WEBHOOK = {"OUT_WEBHOOK_URL": "https://shop.example/hooks", "OUT_WEBHOOK_SECRET": SECRET}
EMAIL = {
    "SMTP_URL": "smtp://127.0.0.1:2525",
    "MAIL_FROM": "help@shop.example",
    "GATEWAY_PUBLIC_URL": "https://help.example",
}
BOTH = WEBHOOK | EMAIL


def switch(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    """Set exactly these of the variables."""
    for name in BOTH:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def notices(session: Session, **where: Any) -> list[Notice]:
    session.flush()
    return list(session.scalars(select(Notice).filter_by(**where).order_by(Notice.id)))
