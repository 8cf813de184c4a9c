"""Builds the encoder's ONNX graph from its published weights; needed at set-up only.

The graph reads the token ids of ONE text (no padding, hence no mask) and gives its vector: a
BERT encoder; the mean over all tokens of the last layer, which is the published sentence vector,
and of two layers below it, which keep more of the wording; each scaled to length one.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8
LAYERS = 6
HEADS = 12
EPSILON = 1e-12
LOWER_LAYERS = (2, 4)
"""The layers, counted from 1, whose means stand beside the last one's."""

Weights = Mapping[str, NDArray[Any]]


@dataclass
class _Graph:
    """Nodes and constants as they are added; every method returns its output's name."""

    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def op(self, kind: str, inputs: list[str], name: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def linear(self, weights: Weights, prefix: str, x: str) -> str:
        weight = self.constant(f"{prefix}.weight.T", weights[f"{prefix}.weight"].T)
        bias = self.constant(f"{prefix}.bias", weights[f"{prefix}.bias"])
        return self.op(
            "Add", [self.op("MatMul", [x, weight], f"{prefix}.product"), bias], f"{prefix}.out"
        )

    def norm(self, weights: Weights, prefix: str, x: str) -> str:
        scale = self.constant(f"{prefix}.weight", weights[f"{prefix}.weight"])
        bias = self.constant(f"{prefix}.bias", weights[f"{prefix}.bias"])
        return self.op(
            "LayerNormalization", [x, scale, bias], f"{prefix}.out", axis=-1, epsilon=EPSILON
        )


def _embeddings(graph: _Graph, weights: Weights) -> str:
    words = graph.constant("words", weights["embeddings.word_embeddings.weight"])
    # Every text is of type 0, so that row joins the positions.
    kinds = weights["embeddings.token_type_embeddings.weight"]
    places = graph.constant("places", weights["embeddings.position_embeddings.weight"] + kinds[0:1])
    start = graph.constant("zero", np.array([0], np.int64))
    length = graph.op("Shape", ["ids"], "length")
    summed = graph.op(
        "Add",
        [
            graph.op("Gather", [words, "ids"], "word_vectors"),
            graph.op("Slice", [places, start, length], "place_vectors"),
        ],
        "embedded",
    )
    return graph.norm(weights, "embeddings.LayerNorm", summed)


def _heads(graph: _Graph, x: str, name: str, order: list[int]) -> str:
    split = graph.op("Reshape", [x, "head_shape"], f"{name}.split")
    return graph.op("Transpose", [split], f"{name}.heads", perm=order)


def _attention(graph: _Graph, weights: Weights, prefix: str, x: str) -> str:
    query, key, value = (
        graph.linear(weights, f"{prefix}.self.{part}", x) for part in ("query", "key", "value")
    )
    scores = graph.op(
        "MatMul",
        [
            _heads(graph, query, f"{prefix}.query", [1, 0, 2]),
            _heads(graph, key, f"{prefix}.key", [1, 2, 0]),
        ],
        f"{prefix}.scores",
    )
    scaled = graph.op("Mul", [scores, "head_scale"], f"{prefix}.scaled")
    shares = graph.op("Softmax", [scaled], f"{prefix}.shares", axis=-1)
    mixed = graph.op(
        "MatMul", [shares, _heads(graph, value, f"{prefix}.value", [1, 0, 2])], f"{prefix}.mixed"
    )
    joined = graph.op("Transpose", [mixed], f"{prefix}.joined", perm=[1, 0, 2])
    flat = graph.op("Reshape", [joined, "flat_shape"], f"{prefix}.flat")
    out = graph.linear(weights, f"{prefix}.output.dense", flat)
    return graph.norm(
        weights, f"{prefix}.output.LayerNorm", graph.op("Add", [out, x], f"{prefix}.residual")
    )


def _gelu(graph: _Graph, x: str) -> str:
    erf = graph.op("Erf", [graph.op("Mul", [x, "root_half"], f"{x}.small")], f"{x}.erf")
    gate = graph.op("Add", [erf, "one"], f"{x}.gate")
    return graph.op("Mul", [graph.op("Mul", [x, gate], f"{x}.gated"), "half"], f"{x}.gelu")


def _layer(graph: _Graph, weights: Weights, prefix: str, x: str) -> str:
    attended = _attention(graph, weights, f"{prefix}.attention", x)
    wide = _gelu(graph, graph.linear(weights, f"{prefix}.intermediate.dense", attended))
    out = graph.linear(weights, f"{prefix}.output.dense", wide)
    return graph.norm(
        weights, f"{prefix}.output.LayerNorm", graph.op("Add", [out, attended], f"{prefix}.sum")
    )


def _scaled_mean(graph: _Graph, x: str) -> str:
    mean = graph.op("ReduceMean", [x], f"{x}.mean", axes=[0], keepdims=0)
    return graph.op("LpNormalization", [mean], f"{x}.scaled", axis=0, p=2)


def build(weights: Weights) -> Any:
    """Return the ONNX model of the encoder with these weights.

    Args:
        weights: the published tensors by their names (`embeddings…`, `encoder.layer.N…`).

    Returns:
        A checked model; input `ids` (int64, one text's token ids), output `vector` (float32, the
        last layer's part first). The same weights give the same bytes.
    """
    graph = _Graph()
    width = weights["embeddings.word_embeddings.weight"].shape[1]
    graph.constant("head_shape", np.array([-1, HEADS, width // HEADS], np.int64))
    graph.constant("flat_shape", np.array([-1, width], np.int64))
    for name, value in (
        ("head_scale", (width // HEADS) ** -0.5),
        ("root_half", 0.5**0.5),
        ("one", 1.0),
        ("half", 0.5),
    ):
        graph.constant(name, np.array(value, np.float32))
    x = _embeddings(graph, weights)
    means: list[str] = []
    for number in range(LAYERS):
        x = _layer(graph, weights, f"encoder.layer.{number}", x)
        if number + 1 in (LAYERS, *LOWER_LAYERS):
            means.insert(0, _scaled_mean(graph, x))
    graph.op("Concat", means, "vector", axis=0)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, ["tokens"])],
            [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [len(means) * width])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="language",
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def write(weights: Weights, path: Path, *, work: Path) -> None:
    """Write the int8 encoder to `path`; `work` is a folder for the full-precision graph."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # The quantiser advises on a preparation that this small graph does not need.
    logging.getLogger().setLevel(logging.ERROR)
    full = work / "encoder-fp32.onnx"
    onnx.save_model(build(weights), str(full))
    quantize_dynamic(
        str(full),
        str(path),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
    )
