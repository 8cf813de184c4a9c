"""The encoder's graph against a plain NumPy forward pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray

from language import bert_graph
from language.encoder import SENTENCE_WIDTH, WIDTH, shared_encoder

WIDE = 48
TOKENS = 20
Weights = dict[str, NDArray[np.float32]]


def _random_weights() -> Weights:
    """Small tensors with the published ones' names; a head is 4 numbers wide."""
    chance = np.random.default_rng(0)
    shapes = {
        "embeddings.word_embeddings.weight": (30, WIDE),
        "embeddings.position_embeddings.weight": (TOKENS, WIDE),
        "embeddings.token_type_embeddings.weight": (2, WIDE),
    }
    for layer in range(bert_graph.LAYERS):
        start = f"encoder.layer.{layer}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            shapes[f"{start}.attention.{part}.weight"] = (WIDE, WIDE)
        shapes[f"{start}.intermediate.dense.weight"] = (4 * WIDE, WIDE)
        shapes[f"{start}.output.dense.weight"] = (WIDE, 4 * WIDE)
    weights = {name: chance.normal(0, 0.3, shape) for name, shape in shapes.items()}
    for name, shape in shapes.items():
        if not name.startswith("embeddings"):
            weights[name.replace("weight", "bias")] = chance.normal(0, 0.1, shape[0])
    norms = ["embeddings.LayerNorm"]
    for layer in range(bert_graph.LAYERS):
        norms += [
            f"encoder.layer.{layer}.{part}LayerNorm" for part in ("attention.output.", "output.")
        ]
    for norm in norms:
        weights[f"{norm}.weight"] = chance.normal(1, 0.1, WIDE)
        weights[f"{norm}.bias"] = chance.normal(0, 0.1, WIDE)
    return {name: value.astype(np.float32) for name, value in weights.items()}


def _erf(x: NDArray[Any]) -> NDArray[Any]:
    from scipy.special import erf

    result: NDArray[Any] = erf(x)
    return result


def _forward(weights: Weights, ids: list[int]) -> NDArray[Any]:
    """BERT as its paper has it, one text, in double precision."""
    w = {name: value.astype(np.float64) for name, value in weights.items()}

    def linear(name: str, x: NDArray[Any]) -> NDArray[Any]:
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    def norm(name: str, x: NDArray[Any]) -> NDArray[Any]:
        centered = x - x.mean(-1, keepdims=True)
        scaled = centered / np.sqrt((centered**2).mean(-1, keepdims=True) + bert_graph.EPSILON)
        return scaled * w[f"{name}.weight"] + w[f"{name}.bias"]

    def mean(x: NDArray[Any]) -> NDArray[Any]:
        total = x.mean(0)
        return total / np.linalg.norm(total)

    x = w["embeddings.word_embeddings.weight"][ids]
    x = x + w["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm("embeddings.LayerNorm", x + w["embeddings.token_type_embeddings.weight"][0])
    wide = x.shape[1] // bert_graph.HEADS
    means = []
    for layer in range(bert_graph.LAYERS):
        name = f"encoder.layer.{layer}"
        q, k, v = (linear(f"{name}.attention.self.{part}", x) for part in ("query", "key", "value"))
        mixed = np.empty_like(x)
        for head in range(bert_graph.HEADS):
            at = slice(head * wide, (head + 1) * wide)
            scores = np.exp(q[:, at] @ k[:, at].T / np.sqrt(wide))
            mixed[:, at] = scores / scores.sum(1, keepdims=True) @ v[:, at]
        out = linear(f"{name}.attention.output.dense", mixed)
        attended = norm(f"{name}.attention.output.LayerNorm", out + x)
        inner = linear(f"{name}.intermediate.dense", attended)
        inner = inner * (1 + _erf(inner / np.sqrt(2))) / 2
        out = linear(f"{name}.output.dense", inner)
        x = norm(f"{name}.output.LayerNorm", out + attended)
        if layer + 1 in (bert_graph.LAYERS, *bert_graph.LOWER_LAYERS):
            means.insert(0, mean(x))
    return np.concatenate(means)


@pytest.mark.parametrize("ids", [[1], [1, 2], [5, 3, 3, 17, 29, 0, 8]])
def test_the_graph_computes_what_a_plain_forward_pass_does(ids: list[int]) -> None:
    weights = _random_weights()
    session = onnxruntime.InferenceSession(bert_graph.build(weights).SerializeToString())
    vector = session.run(None, {"ids": np.array(ids, np.int64)})[0]
    np.testing.assert_allclose(vector, _forward(weights, ids), atol=2e-5)


def test_the_same_weights_give_the_same_graph() -> None:
    weights = _random_weights()
    graphs = [bert_graph.build(weights).SerializeToString() for _ in range(2)]
    assert graphs[0] == graphs[1]
    onnx.checker.check_model(onnx.load_from_string(graphs[0]))


def test_each_part_of_a_vector_has_length_one_also_of_the_empty_text() -> None:
    for text in ("", "where is my order?", "word " * 2000):
        vector = shared_encoder().encode(text)
        assert vector.shape == (WIDTH,)
        parts = vector.reshape(-1, SENTENCE_WIDTH)
        np.testing.assert_allclose(np.linalg.norm(parts, axis=1), 1, atol=1e-4)


def test_what_means_the_same_is_near_and_padding_is_off() -> None:
    encoder = shared_encoder()
    assert len(encoder.ids("hello")) == 3
    one, same, other = (
        encoder.encode(text)[:SENTENCE_WIDTH]
        for text in ("my package never came", "i did not get my parcel", "what a nice green lamp")
    )
    assert one @ same > one @ other + 0.3
