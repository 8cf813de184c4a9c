"""The trained model, loaded once."""

from __future__ import annotations

import pytest

from language.evaluate.rasa_model import Understanding
from tests.conversations.model import current_model


@pytest.fixture(scope="session")
def understanding() -> Understanding:
    return Understanding(current_model())
