"""The intent model without Rasa, on a toy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from language.encoder import shared_encoder
from language.model import IntentModel
from language.neighbors import WIDTH, Neighbors
from language.regression import fit_regression
from language.spread import Spread

TOY = {
    "cancel_order": ["please cancel my order", "i want to cancel it", "undo my purchase"],
    "ask_policy/damaged": ["what if it arrives broken", "what happens if goods are damaged"],
    "ask_policy/contact": ["what is your phone number", "how can i reach you by phone"],
    "out_of_scope": ["tell me a joke", "who won the game", "i forgot my password"],
}  # fmt: skip


@pytest.fixture(scope="module")
def model() -> IntentModel:
    texts = [text for listed in TOY.values() for text in listed]
    labels = [label for label, listed in TOY.items() for _ in listed]
    vectors = np.stack([shared_encoder().encode(text) for text in texts])
    return IntentModel.fit(texts, vectors, labels, unlike=frozenset({"out_of_scope"}))


def _read(model: IntentModel, text: str):  # type: ignore[no-untyped-def]
    return model.read(text, shared_encoder().encode(text))


def test_intents_and_topics_are_told_apart(model: IntentModel) -> None:
    reading = _read(model, "could you cancel the order?")
    assert max(reading.intents, key=reading.intents.get) == "cancel_order"
    reading = _read(model, "and if the goods come damaged?")
    assert max(reading.intents, key=reading.intents.get) == "ask_policy"
    topics = reading.topics["ask_policy"]
    assert max(topics, key=topics.get) == "ask_policy/damaged"
    assert sum(topics.values()) == pytest.approx(1, abs=1e-4)
    assert sum(reading.intents.values()) == pytest.approx(1, abs=1e-4)


def test_strange_text_is_unlike_what_was_learned(model: IntentModel) -> None:
    near = _read(model, "cancel my purchase please").likeness
    assert near > 0.6 > _read(model, "zebra quantum sandwich").likeness


def test_a_stored_model_reads_the_same(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path)
    for text in ("cancel", "what if it is broken", "", "日本語"):
        assert _read(loaded, text) == _read(model, text)
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".npz"}


def test_training_twice_gives_the_same() -> None:
    chance = np.random.default_rng(1)
    block = chance.normal(size=(30, 5)).astype(np.float32)
    classes = np.arange(30) % 3
    fits = [
        fit_regression([block], classes, strength=1, iterations=50, tolerance=1e-6)
        for _ in range(2)
    ]
    np.testing.assert_array_equal(fits[0][0], fits[1][0])


def test_weights_folded_back_do_the_same_on_plain_vectors() -> None:
    chance = np.random.default_rng(2)
    vectors = chance.normal(size=(40, 6)).astype(np.float32)
    weights, bias = chance.normal(size=(6, 3)).astype(np.float32), np.ones(3, np.float32)
    spread = Spread(vectors, 3)
    plain, plain_bias = spread.folded(weights, bias)
    np.testing.assert_allclose(
        spread.applied(vectors) @ weights + bias, vectors @ plain + plain_bias, atol=1e-3
    )


def test_neighbors_speak_for_their_labels() -> None:
    vectors = np.eye(4, dtype=np.float32)
    neighbors = Neighbors.fit(vectors, ["b", "ask/x", "ask/y", "out"], frozenset({"out"}))
    nearness, familiarity = neighbors.look(vectors[3])
    assert nearness["out"] == 1
    assert familiarity == 0
    assert neighbors.look(vectors[2])[0]["ask"] == pytest.approx(0.5)


def test_neighbors_are_compared_in_few_directions() -> None:
    vectors = np.random.default_rng(3).normal(size=(300, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    neighbors = Neighbors.fit(vectors, [f"label {row % 3}" for row in range(300)])
    assert neighbors.vectors.shape == (300, WIDTH)
    assert neighbors.look(vectors[4])[1] > neighbors.look(-vectors[4])[1]
