"""The sentence encoder at run time: one text in, one vector out."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from language import FILES

ENCODER_FILE = FILES / "encoder.onnx"
TOKENIZER_FILE = FILES / "tokenizer.json"
SENTENCE_WIDTH = 384
"""The first part of a vector: the published sentence vector, of length one."""
WIDTH = 3 * SENTENCE_WIDTH
"""The whole vector: two lower layers' means, also of length one, follow."""
MAX_TOKENS = 256
"""The length the model was trained for; what comes after is not read."""

Vector = NDArray[np.float32]


class EncoderMissingError(RuntimeError):
    """The encoder's files are not there; the message says how to get them."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The sentence encoder is missing ({path.name}): run `python -m language setup`."
        )


class Encoder:
    """Turns texts into sentence vectors on one thread.

    Texts are encoded one at a time, because the int8 graph's values depend on what else is in
    a batch.
    """

    def __init__(self, encoder_file: Path, tokenizer_file: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        for path in (encoder_file, tokenizer_file):
            if not path.exists():
                raise EncoderMissingError(path)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.enable_cpu_mem_arena = False
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(encoder_file), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def ids(self, text: str) -> NDArray[np.int64]:
        """Return the text's token ids, the start and end marks included."""
        return np.array(self._tokenizer.encode(text).ids, np.int64)

    def encode(self, text: str) -> Vector:
        """Return the vector of a text (`WIDTH` numbers), also of ""."""
        vector: Vector = self._session.run(None, {"ids": self.ids(text)})[0]
        return vector


@lru_cache(maxsize=1)
def shared_encoder() -> Encoder:
    """Return the process's one encoder.

    Raises:
        EncoderMissingError: set-up has not been run.
    """
    return Encoder(ENCODER_FILE, TOKENIZER_FILE)


def encoder_fingerprint() -> str:
    """Return a hash of the encoder's files, so that another encoder means training anew."""
    digest = hashlib.sha256()
    for path in (ENCODER_FILE, TOKENIZER_FILE):
        if not path.exists():
            raise EncoderMissingError(path)
        digest.update(path.read_bytes())
    return digest.hexdigest()
