"""Writing a version's records: de-identified, streamed question by question, hashed as they are written."""

from __future__ import annotations

import hashlib
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from zhiwei.data.models import Corpus, CorpusEntry
from zhiwei.data.rules.products import readers
from zhiwei.data.services.building import Progress, batched
from zhiwei.data.services.coarsening import Coarse, facts_of
from zhiwei.data.services.deidentifying import Deidentifier
from zhiwei.data.values import AnswerItem, JudgedAnswer
from zhiwei.engines import corpora as engine
from zhiwei.kernel import api as kernel
from zhiwei.kernel import files, scope

CHUNK = 500
_CHECKED_TEXTS = 2_000


@dataclass
class Written:
    """What was written: counts, the content hash, and whose answers they are under which ids."""

    counts: dict[str, int] = field(
        default_factory=lambda: {
            "items": 0,
            "answers": 0,
            "images": 0,
            "pupils": 0,
            "gone": 0,
            "unreadable": 0,
        }
    )
    content: engine.ContentHash = field(default_factory=engine.ContentHash)
    members: dict[tuple[int, int], list[str]] = field(default_factory=lambda: defaultdict(list))
    checked: list[str] = field(default_factory=list)


@dataclass
class Writer:
    """Writes ``items.jsonl``, ``answers.jsonl`` and ``images.zip`` of one version into a folder."""

    corpus: Corpus
    key: bytes
    coarse: Coarse
    safe: Deidentifier
    folder: Path
    read_pictures: bool
    done: Written = field(default_factory=Written)

    def write(self, tenants: Sequence[int], progress: Progress) -> Written:
        """Write everything; each batch of answers is read in a transaction of its own."""
        with scope.entered(tenants):
            keys = list(
                CorpusEntry.objects.filter(corpus=self.corpus, kept=True)
                .order_by("product", "item_key")
                .values_list("product", "item_key")
                .distinct()
            )
        with (
            (self.folder / "items.jsonl").open("w", encoding="utf-8") as items,
            (self.folder / "answers.jsonl").open("w", encoding="utf-8") as answers,
            zipfile.ZipFile(self.folder / "images.zip", "w", zipfile.ZIP_STORED) as images,
        ):
            for number, (product, item_key) in enumerate(keys):
                progress(number, len(keys), "")
                self._write_item(tenants, product, item_key, items, answers, images)
        self.done.counts["pupils"] = len(self.done.members)
        return self.done

    def _write_item(
        self,
        tenants: Sequence[int],
        product: str,
        item_key: str,
        items: IO[str],
        answers: IO[str],
        images: zipfile.ZipFile,
    ) -> None:
        told = False
        for batch in self._batches(tenants, product, item_key):
            with scope.entered(tenants):
                found = readers()[product].fetch([entry.ref for entry in batch])
                consenting = kernel.consented({one.person_id for one in batch}, self.corpus.purpose)
                for entry in batch:
                    pair = found.get(entry.ref)
                    if pair is None or entry.person_id not in consenting:
                        self.done.counts["gone"] += 1
                        continue
                    if not told:
                        self._line(items, self._item(pair[1]))
                        self.done.counts["items"] += 1
                        told = True
                    self._answer(entry, pair[0], answers, images)

    def _batches(self, tenants: Sequence[int], product: str, item_key: str) -> Iterator[list[CorpusEntry]]:
        with scope.entered(tenants):
            rows = CorpusEntry.objects.filter(
                corpus=self.corpus, kept=True, product=product, item_key=item_key
            )
            found = list(rows.order_by("ref"))
        yield from batched(iter(found), CHUNK)

    def _answer(
        self, entry: CorpusEntry, answer: JudgedAnswer, out: IO[str], images: zipfile.ZipFile
    ) -> None:
        answer_id = engine.public_id("a", self.key, entry.product, entry.ref)
        image = None
        if answer.images and self.corpus.data_type != "text":
            image = self._image(answer, answer_id, images)
            if image is None:
                self.done.counts["unreadable"] += 1
                return
        school, grade, month = self.coarse.told[
            facts_of(entry.tenant_id, entry.grade, f"{entry.answered_on:%Y-%m}")
        ]
        text = self.safe.text(answer.text) if answer.text and self.corpus.data_type != "image" else None
        record = {
            "answer_id": answer_id,
            "item_id": engine.public_id("i", self.key, entry.item_key),
            "pupil_id": engine.public_id("p", self.key, entry.tenant_id, entry.person_id),
            "school": school,
            "grade": grade,
            "month": month,
            "scene": entry.scene,
            "split": entry.split,
            "band": entry.band,
            "text": text,
            "image": image,
            "score": answer.score,
            "max_score": answer.max_score,
            "marks": engine.record_line(self._marks(answer)),
        }
        self._line(out, record)
        self.done.counts["answers"] += 1
        self.done.members[(entry.tenant_id, entry.person_id)].append(answer_id)
        if text and len(self.done.checked) < _CHECKED_TEXTS:
            self.done.checked.append(text)

    def _image(self, answer: JudgedAnswer, answer_id: str, images: zipfile.ZipFile) -> str | None:
        """Write the answer's picture into the archive; ``None`` when it cannot be read."""
        try:
            picture = self.safe.picture([files.read(one) for one in answer.images], read=self.read_pictures)
        except (engine.CorpusError, ValueError):
            return None
        name = f"images/{answer_id[1:3]}/{answer_id}.png"
        images.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), picture)
        self.done.content.add(hashlib.sha256(picture).digest())
        self.done.counts["images"] += 1
        return name

    def _marks(self, answer: JudgedAnswer) -> list[dict[str, Any]]:
        return [
            {
                "marker": engine.public_id("m", self.key, answer.tenant_id, one.marker)
                if one.marker
                else one.engine,
                "kind": one.kind,
                "score": one.score,
            }
            for one in answer.marks
        ]

    def _item(self, item: AnswerItem) -> dict[str, Any]:
        content = self.safe.tree(dict(item.content))
        for private in ("id", "samples", "source"):
            content.pop(private, None)
        return {
            "item_id": engine.public_id("i", self.key, item.key),
            "subject": item.subject,
            "stage": self.corpus.stage,
            "type": item.type,
            "max_score": item.max_score,
            "stem": str(content.get("stem", "")),
            "content": engine.record_line(content),
        }

    def _line(self, out: IO[str], record: dict[str, Any]) -> None:
        line = engine.record_line(record)
        out.write(line + "\n")
        self.done.content.add(engine.record_hash(line))
