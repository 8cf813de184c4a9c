"""Figures over examples and answers; pure arithmetic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from language.evaluate.examples import Example
from language.evaluate.rasa_model import Answer

OUT_OF_SCOPE = "out_of_scope"
FALLBACK = "nlu_fallback"
SEVERAL = "several_matters"
BINS = 10

Figures = dict[str, float]


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Return the expected calibration error over ten equal bins of confidence."""
    bins = np.minimum((np.array(confidences) * BINS).astype(int), BINS - 1)
    sure, hit = np.array(confidences), np.array(right, float)
    inside = [bins == number for number in range(BINS)]
    return float(
        sum(abs(sure[one].mean() - hit[one].mean()) * one.mean() for one in inside if one.any())
    )


def auroc(familiar: Sequence[float], strange: Sequence[float]) -> float:
    """Return how often a familiar text has more confidence than a strange one."""
    both = np.concatenate([familiar, strange])
    ranks = np.empty(len(both))
    ranks[both.argsort(kind="stable")] = np.arange(1, len(both) + 1)
    for value in np.unique(both):
        ranks[both == value] = ranks[both == value].mean()
    above = ranks[: len(familiar)].sum() - len(familiar) * (len(familiar) + 1) / 2
    return float(above / (len(familiar) * len(strange)))


def figures(examples: Sequence[Example], answers: Sequence[Answer]) -> Figures:
    """Return the figures of a test set.

    `accuracy` counts every sentence: the right intent in the end, or, out of scope, also
    fallback (both are answered kindly). `in_scope` is the same without those out of scope,
    `likeliest` the share where the likeliest trained intent is right, `topics` the share of
    retrieval intents' sentences with the right topic, `caught` the share of out-of-scope
    sentences that are out of scope or fallback in the end, `lost` the share of in-scope
    sentences that go to fallback, `several` the share that are taken for two matters.
    """
    pairs = list(zip(examples, answers, strict=True))
    inside = [(e, a) for e, a in pairs if e.intent != OUT_OF_SCOPE]
    outside = [(e, a) for e, a in pairs if e.intent == OUT_OF_SCOPE]
    caught = [a.intent in (OUT_OF_SCOPE, FALLBACK) for _, a in outside]
    right = [a.intent == e.intent for e, a in inside]
    likeliest = [a.likeliest == e.intent for e, a in pairs]
    return {
        "sentences": float(len(pairs)),
        "accuracy": _share([*right, *caught]),
        "in_scope": _share(right),
        "likeliest": _share(likeliest),
        "topics": _share(
            [a.topics.get(e.intent) == e.label for e, a in pairs if e.label != e.intent]
        ),
        "caught": _share(caught),
        "lost": _share([a.intent == FALLBACK for _, a in inside]),
        "several": _share([a.intent == SEVERAL for _, a in inside]),
        "calibration_error": calibration_error([a.confidence for a in answers], likeliest),
    }


def by_intent(examples: Sequence[Example], answers: Sequence[Answer]) -> dict[str, Figures]:
    """Return precision, recall, F1 and support of every intent, by the intent in the end."""
    said = Counter(answer.intent for answer in answers)
    true = Counter(example.intent for example in examples)
    hits = Counter(e.intent for e, a in zip(examples, answers, strict=True) if a.intent == e.intent)
    table = {}
    for intent in sorted(true):
        precision = hits[intent] / said[intent] if said[intent] else 0.0
        recall = hits[intent] / true[intent]
        f1 = 2 * precision * recall / (precision + recall) if hits[intent] else 0.0
        table[intent] = {
            "precision": precision,
            "recall": recall,
            "f1": f1,
            "sentences": float(true[intent]),
        }
    return table


def confusions(
    examples: Sequence[Example], answers: Sequence[Answer]
) -> list[tuple[str, str, int]]:
    """Return (true intent, intent in the end, how often) of all mistakes, the commonest first."""
    pairs = zip(examples, answers, strict=True)
    counts = Counter((e.intent, a.intent) for e, a in pairs if a.intent != e.intent)
    return [(true, said, count) for (true, said), count in counts.most_common()]


def worst(
    examples: Sequence[Example], answers: Sequence[Answer], count: int
) -> list[dict[str, object]]:
    """Return the mistakes the model was surest of."""
    pairs = [(e, a) for e, a in zip(examples, answers, strict=True) if a.likeliest != e.intent]
    pairs.sort(key=lambda pair: -pair[1].confidence)
    return [
        {
            "text": e.text,
            "true": e.label,
            "said": a.likeliest,
            "confidence": round(a.confidence, 3),
        }
        for e, a in pairs[:count]
    ]
