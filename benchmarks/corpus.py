"""From query to published corpus: chosen, checked, de-identified, written, let out, packed; minutes and memory.

    zhiwei bench corpus [--answers 90000] [--images 10000] [--small] [--ocr 20] [--json]

A throwaway school of 2,000 pupils is founded with released answers in words and, as another corpus, released answers
that are pictures. Each corpus is built and made a version by the jobs' own code in one process. Pictures are joined,
redrawn without metadata and hashed; reading them by OCR for painting over names costs far more than all else, so it
is measured on ``--ocr`` pictures and told per picture (``--read`` reads them all). The bound beside "choose and
check" is reading the same answers once through the data product with nothing done to them. Memory is the largest
resident size of this process (the database has its own).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

Row = tuple[str, float, str]
SMALL = 50


def main(argv: Sequence[str]) -> int:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(prog="zhiwei bench corpus", description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=90_000)
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--small", action="store_true", help=f"a {SMALL}th of everything")
    parser.add_argument(
        "--ocr", type=int, default=20, help="pictures to read by OCR for the figure per picture"
    )
    parser.add_argument("--read", action="store_true", help="read every picture by OCR")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(argv)
    if chosen.small:
        chosen.answers, chosen.images = chosen.answers // SMALL, chosen.images // SMALL
    if not 100 <= chosen.answers <= 10**6 or not 0 <= chosen.images <= 10**5:
        parser.error("--answers must be 100 to 1000000, --images at most 100000")
    with tempfile.TemporaryDirectory(prefix="zhiwei-bench-") as folder:
        Path(folder).chmod(0o711)
        os.environ["ZHIWEI_DATA"] = folder
        os.environ.pop("ZHIWEI_DATABASE_URL", None)
        from zhiwei.config.commands import boot

        with boot.ready():
            rows = _Run(chosen).measure()
    print(json.dumps(rows, ensure_ascii=False, indent=1) if chosen.json else _table(rows))
    return 0


class _Run:
    def __init__(self, chosen: argparse.Namespace) -> None:
        from zhiwei.kernel import clock

        self.chosen, self.now = chosen, clock.now()
        self.draw = random.Random(11)
        self.rows: list[Row] = []

    def measure(self) -> list[Row]:
        """Found, fill, and take both corpora from query to copy."""
        from benchmarks.corpus_school import add_answers, add_pictures, found_school

        self.school = found_school(self.now, self.draw)
        began = time.monotonic()
        add_answers(
            self.school,
            subject="physics",
            answers=self.chosen.answers,
            pictures=(),
            now=self.now,
            draw=self.draw,
        )
        pictures = add_pictures(self.school, self.chosen.images, self.now)
        if pictures:
            add_answers(
                self.school,
                subject="science",
                answers=self.chosen.images,
                pictures=pictures,
                now=self.now,
                draw=self.draw,
            )
        self._tell(
            "(filling the school)", time.monotonic() - began, f"{self.chosen.answers} + {len(pictures)}"
        )
        self._corpus("words", "physics", "text")
        if pictures:
            self._corpus("pictures", "science", "image")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        total = sum(seconds for name, seconds, _what in self.rows if not name.startswith("("))
        self._tell("(all of it)", total, f"{total / 60:.1f} minutes, {memory:.0f} MiB resident at most")
        self._ocr(pictures[: self.chosen.ocr])
        return self.rows

    def _corpus(self, name: str, subject: str, data_type: str) -> None:
        from zhiwei.data.models import Corpus, Version
        from zhiwei.data.services import corpora, granting, versions
        from zhiwei.data.values import AnswerQuery
        from zhiwei.kernel import scope

        officer, tenant = self.school.officer, [self.school.tenant_id]
        began, count = time.monotonic(), 0
        with scope.entered(tenant):
            count = _read_once(AnswerQuery((self.school.tenant_id,), subject=subject))
        self._tell(f"({name}: bound, read once)", time.monotonic() - began, f"{count} answers")
        with scope.entered(tenant):
            made = corpora.create_corpus(actor=officer, now=self.now, spec=_spec(subject, data_type))
        self._job(f"{name}: choose and check", "data.build_corpus")
        with scope.entered(tenant):
            corpus = Corpus.objects.get(pk=made.pk)
            self._retell(f"{corpus.figures.get('kept')} of {corpus.figures.get('found')} kept")
            _review(corpus, (officer, self.school.second), self.now)
            asked = versions.request_version(
                actor=officer,
                now=self.now,
                corpus=corpus,
                licence="pilot-training",
                terms="b",
                redact_images=self.chosen.read,
            )
        self._job(f"{name}: de-identify, write, measure risk", "data.make_version")
        with scope.entered(tenant):
            version = Version.objects.select_related("corpus").get(pk=asked.pk)
            size = sum(one["size"] for one in version.files) / 1e6
            self._retell(f"{version.counts['answers']} answers, k = {version.risk.get('k')}, {size:.0f} MB")
            versions.decide(actor=self.school.second, now=self.now, version=version, approve=True, words="")
            version.refresh_from_db()
            granting.grant_version(
                actor=officer, now=self.now, version=version, person_id=officer.person_id, purpose="b", days=7
            )
        self._job(f"{name}: a marked copy", "data.pack_version")

    def _job(self, name: str, task: str) -> None:
        from zhiwei.kernel import jobs, scope
        from zhiwei.kernel.models import Job

        with scope.entered([self.school.tenant_id]):
            (job_id,) = Job.objects.filter(task=task, state="queued").values_list("pk", flat=True)
        began = time.monotonic()
        jobs.run(job_id, self.school.tenant_id)
        seconds = time.monotonic() - began
        with scope.entered([self.school.tenant_id]):
            row = Job.objects.get(pk=job_id)
        if row.state != "done":
            raise SystemExit(f"{name}: {row.state}: {row.error}")
        self._tell(name, seconds, "")

    def _ocr(self, pictures: Sequence[int]) -> None:
        from zhiwei.data.services.deidentifying import Deidentifier
        from zhiwei.kernel import files, scope

        if not pictures:
            return
        safe = Deidentifier(["赵明华"], b"k" * 32)
        with scope.entered([self.school.tenant_id]):
            pages = [files.read(one) for one in pictures]
        safe.picture(pages[:1])
        began = time.monotonic()
        for one in pages:
            safe.picture([one])
        each = (time.monotonic() - began) / len(pages)
        whole = each * self.chosen.images / 60
        self._tell(
            "(OCR of one picture)", each, f"{self.chosen.images} pictures would take {whole:.0f} minutes more"
        )

    def _tell(self, name: str, seconds: float, what: str) -> None:
        self.rows.append((name, round(seconds, 2), what))

    def _retell(self, what: str) -> None:
        name, seconds, _what = self.rows[-1]
        self.rows[-1] = (name, seconds, what)


def _read_once(query: Any) -> int:
    from zhiwei.assessment.queries.judged_answers import ReleasedAnswers

    selected = ReleasedAnswers().select(query)
    return sum(1 for item in selected.items() for _one in selected.answers(item.key))


def _spec(subject: str, data_type: str) -> Any:
    from zhiwei.data.services.corpora import CorpusSpec

    return CorpusSpec(
        name=f"测量 {subject}",
        direction="作业智能批改与反馈",
        task_class="key_points_zh",
        data_type=data_type,
        stage="junior",
        subject=subject,
        purpose="model_training",
        demands={"sample": 6, "most_label_noise": 0.3},
    )


def _review(corpus: Any, reviewers: Sequence[Any], now: datetime) -> None:
    from zhiwei.data.models import CorpusEntry, Review

    for entry in CorpusEntry.objects.filter(corpus=corpus, sample__gt=0):
        for number, who in enumerate(reviewers):
            Review.objects.create(
                tenant_id=corpus.tenant_id,
                corpus=corpus,
                entry=entry,
                reviewer_id=who.person_id,
                is_usable=True,
                score=entry.score,
                at=now + timedelta(seconds=number),
            )


def _table(rows: Sequence[Row]) -> str:
    width = max(len(name) for name, _seconds, _what in rows)
    return "\n".join(f"{name:<{width}} {seconds:9.2f} s  {what}" for name, seconds, what in rows)


if __name__ == "__main__":
    import sys

    raise SystemExit(main(sys.argv[1:]))
