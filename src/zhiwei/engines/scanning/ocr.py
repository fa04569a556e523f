"""The recogniser shipped with RapidOCR, asked for restricted alphabets by folding look-alikes and masking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.scanning.values import LineReading, Pixels

Floats = NDArray[np.float32]

_HEIGHT = 48
_MOST_WIDTH = 1600
_LEAST_WIDTH, _SIGN_WIDTH = 320, 64
"""The network saw lines at least 320 wide; single signs read as well on a fifth of that, in a fifth of the time."""
_BATCH = 8
_LOOKALIKES = {
    "0": "0OoQ〇○°",
    "1": "1lI|丨｜!｜/",
    "2": "2zZ",
    "5": "5Ss",
    "6": "6b",
    "9": "9gq",
    "-": "-—–－一_−",
    ".": ".·、。,，•．",
    "×": "×xX*✕╳",
    "+": "+十＋",
    "=": "=二＝",
    "/": "/／",
    "A": "Aa",
    "B": "Bb8",
    "C": "Cc（(",
    "D": "Dd",
    "E": "Ee",
    "F": "Ff",
    "G": "Gg6",
}
"""What a model trained on whole texts answers for a lone sign; folded when only the sign is allowed."""


class _Session(Protocol):
    def __call__(self, batch: Floats) -> object: ...


class _Labels(Protocol):
    character: list[str]


class _Network(Protocol):
    session: _Session
    postprocess_op: _Labels


class RapidRecogniser:
    """Lines to text with PP-OCR's recognition network alone: no detector, no angle classifier.

    Args:
        threads: processor threads the network may use.
    """

    def __init__(self, threads: int = 1) -> None:
        from rapidocr import RapidOCR

        engine = RapidOCR(
            params={
                "Global.log_level": "error",
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
        # RapidOCR loads a network when it is first used; its loader is the only door to the network alone.
        network = cast(Callable[[], _Network], engine._load_rec_model)()
        self._session = network.session
        self._signs = list(network.postprocess_op.character)

    def read_lines(self, lines: Sequence[Pixels], alphabet: str) -> list[LineReading]:
        """Read pictures of single lines; see :class:`~zhiwei.engines.scanning.values.Recogniser`."""
        order = sorted(range(len(lines)), key=lambda i: lines[i].shape[1] / lines[i].shape[0])
        readings: list[LineReading] = [LineReading("", 0.0)] * len(lines)
        for start in range(0, len(order), _BATCH):
            part = order[start : start + _BATCH]
            prepared = [_prepared(lines[i]) for i in part]
            widest = max(picture.shape[2] for picture in prepared)
            widest = _SIGN_WIDTH if widest <= _SIGN_WIDTH else max(_LEAST_WIDTH, widest)
            batch = np.zeros((len(part), 3, _HEIGHT, widest), dtype=np.float32)
            for row, picture in zip(batch, prepared, strict=True):
                row[:, :, : picture.shape[2]] = picture
            likelihoods = np.asarray(self._session(batch), dtype=np.float32)
            for i, steps, picture in zip(part, likelihoods, prepared, strict=True):
                readings[i] = decode(steps, self._signs, alphabet, picture.shape[2] / widest)
        return readings


def _prepared(line: Pixels) -> Floats:
    grey = line if line.ndim == 2 else np.asarray(cv2.cvtColor(line, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    width = max(8, min(_MOST_WIDTH, round(grey.shape[1] * _HEIGHT / grey.shape[0])))
    small = cv2.resize(
        grey, (width, _HEIGHT), interpolation=cv2.INTER_AREA if grey.shape[0] > _HEIGHT else cv2.INTER_LINEAR
    )
    scaled = np.asarray(small, dtype=np.float32) / 127.5 - 1.0
    return np.repeat(scaled[np.newaxis], 3, axis=0)


def decode(steps: Floats, signs: Sequence[str], alphabet: str, used: float) -> LineReading:
    """Greedy decoding of one line, over the whole vocabulary or a restricted alphabet.

    With an alphabet, each allowed sign also takes the likelihood of its look-alikes; all the likelihood of
    other signs is left out, and so lowers the confidence instead of vanishing.

    Args:
        steps: ``(time, vocabulary)`` likelihoods; index 0 is "no sign".
        signs: the vocabulary.
        alphabet: allowed signs; empty for all.
        used: share of the time steps that belongs to the picture (the rest is padding).
    """
    labels, table = (list(signs), steps) if not alphabet else _folded(steps, signs, alphabet)
    best = table.argmax(axis=1)
    peaks = table.max(axis=1)
    text, scores, spans = [], [], []
    before = 0
    for step, (label, peak) in enumerate(zip(best.tolist(), peaks.tolist(), strict=True)):
        if label and label != before:
            text.append(labels[label])
            scores.append(float(peak))
            spans.append(min(1.0, (step + 0.5) / max(1.0, len(table) * used)))
        elif label:
            scores[-1] = max(scores[-1], float(peak))
        before = label
    missed = float(1.0 - table.sum(axis=1).min()) if alphabet else 0.0
    confidence = min(scores, default=0.0) * (1.0 - 0.5 * max(0.0, missed))
    return LineReading("".join(text), float(confidence), tuple(spans), tuple(scores))


def _folded(steps: Floats, signs: Sequence[str], alphabet: str) -> tuple[list[str], Floats]:
    where = {sign: index for index, sign in enumerate(signs)}
    allowed = set(alphabet)
    columns = [steps[:, 0]]
    for sign in alphabet:
        alike = {other for other in _LOOKALIKES.get(sign, sign) if other == sign or other not in allowed}
        indices = [where[other] for other in alike | {sign} if other in where]
        columns.append(steps[:, indices].sum(axis=1) if indices else np.zeros(len(steps), np.float32))
    return ["", *alphabet], np.stack(columns, axis=1)
