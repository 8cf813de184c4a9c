"""The project's own spaCy pipeline: a blank English tokenizer and an entity ruler."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from language import FILES
from language.entity_patterns import entity_patterns

if TYPE_CHECKING:
    from spacy.language import Language


def pipeline_version() -> str:
    """Return a short hash of what the pipeline finds; it is part of its folder's name.

    Rasa knows a spaCy model by its name alone, so a changed pipeline needs another name.
    """
    content = json.dumps([version("spacy"), entity_patterns()], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:8]


def pipeline_folder() -> Path:
    """Return where set-up puts this version of the pipeline."""
    return FILES / f"spacy-{pipeline_version()}"


def build_pipeline() -> Language:
    """Return the pipeline: it marks order numbers, dates, money and so on as entities."""
    import spacy

    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns(entity_patterns())  # type: ignore[attr-defined]
    nlp.meta["name"] = "after_sales"
    nlp.meta["version"] = f"1.0.0+{pipeline_version()}"
    return nlp
