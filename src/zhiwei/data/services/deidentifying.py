"""Making what leaves safe: texts, whole JSON trees and pictures, under the key of one version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from zhiwei.engines import privacy
from zhiwei.engines.corpora import join_pictures

if TYPE_CHECKING:
    from PIL import Image
    from rapidocr import RapidOCR

_KEPT = 20_000


class Deidentifier:
    """De-identifies with one roster and one key; equal texts are worked out once.

    Attributes:
        replaced: How many of each class of personal data were replaced in texts.
        painted: How many places were painted over in pictures, by class.
    """

    def __init__(self, names: Sequence[str], key: bytes) -> None:
        self._roster = privacy.build_roster(names)
        self._names = privacy.Pseudonyms(key)
        self._seen: dict[str, tuple[str, tuple[str, ...]]] = {}
        self.replaced: Counter[str] = Counter()
        self.painted: Counter[str] = Counter()

    def text(self, text: str) -> str:
        """Return a text with personal data replaced."""
        if text not in self._seen:
            if len(self._seen) >= _KEPT:
                self._seen.clear()
            done = privacy.apply_actions(text, privacy.detect(text, self._roster), self._names)
            self._seen[text] = (done.text, tuple(one.span.kind for one in done.replacements))
        safe, kinds = self._seen[text]
        self.replaced.update(kinds)
        return safe

    def tree(self, value: Any) -> Any:
        """Return a JSON value with personal data in every text replaced; keys stay."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {str(name): self.tree(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.tree(one) for one in value]
        return value

    def picture(self, pages: Sequence[bytes], *, read: bool = True) -> bytes:
        """Return the pages of one answer as one PNG without metadata, personal text painted over.

        Args:
            read: Read the picture by the bundled OCR; without it only metadata go.

        Raises:
            CorpusError: The pages cannot be read or joined.
        """
        joined = join_pictures(pages)
        if not read:
            return joined
        page = privacy.redact_page(joined, _read_lines, self._roster)
        self.painted.update(one.kind for one in page.redactions)
        return page.png

    def left_in(self, texts: Sequence[str], names: Sequence[str]) -> int:
        """Return in how many of the safe texts a known name of two or more characters still stands.

        A pseudonym may be somebody's real name by chance; names that are also common words count too, so this
        is an upper bound.
        """
        known = [one for one in names if len(one) > 1]
        return sum(any(name in text for name in known) for text in texts)


@cache
def _reader() -> RapidOCR:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "error", "EngineConfig.onnxruntime.intra_op_num_threads": 2})


def _read_lines(page: Image.Image) -> list[privacy.TextRegion]:
    """Read a page with one engine kept for the whole version."""
    import numpy as np
    from rapidocr.utils.output import RapidOCROutput

    result = _reader()(np.asarray(page)[:, :, ::-1])
    if not isinstance(result, RapidOCROutput) or result.boxes is None or result.txts is None:
        return []
    regions = [
        privacy.TextRegion(text, (box[:, 0].min(), box[:, 1].min(), box[:, 0].max(), box[:, 1].max()))
        for text, box in zip(result.txts, result.boxes, strict=True)
    ]
    return sorted(regions, key=lambda one: (one.box[1], one.box[0]))
