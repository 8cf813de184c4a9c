"""How customers' text is understood: the Rasa components that config.yml names."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

SHOP_ZONE = ZoneInfo("America/Los_Angeles")
"""The zone in which a customer's "yesterday" is resolved."""

FILES = Path(__file__).resolve().parent.parent / "var" / "language"
"""Where set-up puts the encoder and the spaCy pipeline."""


def today() -> date:
    """Return the day it is now in the shop's zone."""
    return datetime.now(SHOP_ZONE).date()
