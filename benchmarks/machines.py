"""``bench machines``: two web hosts and two workers on one PostgreSQL and one object store, with cables being pulled.

Every machine is a network namespace; the platform's own commands run there by settings only. While teachers write
drafts under idempotency keys, one walks about with a session and a roster is imported, one web host and one worker
are cut off in the middle of their work, and come back. Exit 1 when anything is lost, doubled or refused, 3 where
namespaces are not permitted.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import machines_net as net

ROOT = Path(__file__).parents[1]
PASSWORD = "a school day in autumn"


@dataclass(frozen=True)
class Result:
    """What a run showed: lost, doubled, faults must be 0; a job taken over and a late result must be seen."""

    cut_seconds: float
    drafts_acknowledged: int
    drafts_lost: int
    drafts_doubled: int
    requests_moved_to_the_other_host: int
    longest_wait_seconds: float
    pages_with_one_session: int
    faults: int
    long_jobs: int
    jobs_lost: int
    jobs_doubled: int
    taken_over: int
    taken_over_after_seconds: float
    late_results_refused: int
    pupils_imported: int
    pupils_lost: int
    pupils_doubled: int
    objects_missing: int
    objects_orphaned: int
    audit_findings: int
    programs_started_again: int
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether nothing went wrong and the cut did what it should."""
        wrong = (
            self.drafts_lost, self.drafts_doubled, self.faults, self.jobs_lost, self.jobs_doubled, self.pupils_lost,
            self.pupils_doubled, self.objects_missing, self.objects_orphaned, self.audit_findings,
        )  # fmt: skip
        return (
            not any(wrong) and min(self.taken_over, self.late_results_refused, self.drafts_acknowledged) > 0
        )


def main(argv: Sequence[str]) -> int:
    """Run the drill in a network of its own."""
    parser = argparse.ArgumentParser(prog="bench machines", description=__doc__)
    parser.add_argument("--cut", type=float, default=24, help="seconds without network")
    parser.add_argument("--pupils", type=int, default=6000)
    parser.add_argument("--jobs", type=int, default=12, help="long jobs, five seconds each")
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--logs", action="store_true", help="print what the machines wrote, even when all went well"
    )
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    if not given.inside:
        if reason := net.refusal():
            print(f"bench machines cannot run here: {reason}", file=sys.stderr)
            return 3
        return net.enter(argv)
    net.raise_switch()
    from benchmarks.machines_site import Site

    with tempfile.TemporaryDirectory(prefix="zhiwei-machines-") as folder:
        Path(folder).chmod(0o711)
        with Site(Path(folder)) as site:
            result = _Drill(site, given).go()
            if given.logs or not result.passed:
                site.tell()
    if given.json:
        print(json.dumps({**asdict(result), "passed": result.passed}))
    else:
        for name, value in asdict(result).items():
            print(f"{name.replace('_', ' '):<36}{value}")
        print("passed" if result.passed else "RED")
    return 0 if result.passed else 1


class _Drill:
    """One run: prepare, write, pull, plug, count."""

    def __init__(self, site: object, given: argparse.Namespace) -> None:
        from benchmarks.machines_site import Site

        assert isinstance(site, Site)
        self.site, self.given = site, given

    def go(self) -> Result:
        """Return what was seen."""
        from benchmarks import machines_site as school
        from benchmarks.machines_load import Walker, Writers

        began = time.monotonic()
        web = [one.address for one in self.site.web]
        tenant, token = school.found()
        self.site.start_programs()
        writers, walker = Writers(web, token, 3), Walker(web, "bench-admin", PASSWORD)
        admin = Walker(web, "bench-admin", PASSWORD)
        writers.start()
        walker.start()
        try:
            cut = self._torment(tenant, admin)
            self._settle(tenant)
        finally:
            writers.stop()
            walker.stop()
        return self._counted(tenant, writers, walker, cut, time.monotonic() - began)

    def _torment(self, tenant: int, admin: object) -> float:
        """Import a roster, then cut a web host and a worker off in the middle of a long job; returns when."""
        from benchmarks import machines_site as school
        from benchmarks.machines_load import Walker

        assert isinstance(admin, Walker)
        school.import_roster(admin, self.given.pupils, tenant)
        first = self.site.workers[0]
        school.plan_jobs(tenant, self.given.jobs, self.given.cut + 14)
        self.site.keep_until(lambda: "attempt 1" in first.log.read_text() and school.applying(tenant))
        cut = time.time()
        first.pull()
        self.site.web[0].pull()
        self.site.keep_for(self.given.cut)
        self.site.web[0].plug()
        first.plug()
        return cut

    def _settle(self, tenant: int) -> None:
        from benchmarks import machines_site as school

        self.site.keep_until(lambda: not school.alive_jobs(tenant))
        self.site.keep_for(8)

    def _counted(self, tenant: int, writers: object, walker: object, cut: float, seconds: float) -> Result:
        from benchmarks import machines_site as school
        from benchmarks.machines_load import Walker, Writers

        assert isinstance(writers, Writers)
        assert isinstance(walker, Walker)
        logs = [one.log.read_text() for one in self.site.workers]
        late = sum(text.count("late result") for text in logs)
        again = school.second_attempts(logs)
        drafts, marks, numbers = school.drafts(tenant), school.marks(tenant), school.pupils(tenant)
        missing, orphaned = school.objects()
        faults = [*writers.seen.faults, *walker.seen.faults]
        for fault in faults[:8]:
            print(f"fault: {fault}", file=sys.stderr)
        return Result(
            cut_seconds=self.given.cut,
            drafts_acknowledged=len(writers.acknowledged),
            drafts_lost=sum(title not in drafts for title in writers.acknowledged),
            drafts_doubled=_doubled(drafts),
            requests_moved_to_the_other_host=writers.seen.moved + walker.seen.moved,
            longest_wait_seconds=round(max(writers.seen.longest_seconds, walker.seen.longest_seconds), 1),
            pages_with_one_session=walker.seen.answered,
            faults=len(faults),
            long_jobs=self.given.jobs,
            jobs_lost=self.given.jobs - len(marks),
            jobs_doubled=_doubled(marks),
            taken_over=len(again),
            taken_over_after_seconds=round(min(again, default=cut) - cut, 1),
            late_results_refused=late,
            pupils_imported=self.given.pupils,
            pupils_lost=self.given.pupils - len(numbers),
            pupils_doubled=_doubled(numbers),
            objects_missing=missing,
            objects_orphaned=orphaned,
            audit_findings=school.audit_findings(tenant),
            programs_started_again=self.site.started_again,
            seconds=round(seconds, 1),
        )


def _doubled(counts: Counter[str]) -> int:
    return sum(count - 1 for count in counts.values())
