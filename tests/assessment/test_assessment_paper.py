"""Paper in: pages find their pupils, nothing is lost, doubled, shifted or assigned silently."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.assessment.paper_sheets import (
    CHOICE,
    DERIVED,
    Sheets,
    acting,
    as_pdf,
    paper_work,
    run_jobs,
    scan_in,
    without_code,
)
from tests.cast import NOW, TODAY, Cast

from zhiwei.assessment import paper_access
from zhiwei.assessment.models import PaperFile, Response, ScanPage, Sitting, Work
from zhiwei.assessment.queries.tray import TrayView, tray_of
from zhiwei.assessment.services import (
    collecting,
    inbox,
    marking,
    paper_files,
    papering,
    releasing,
    scanning_in,
    tray,
)
from zhiwei.kernel import files
from zhiwei.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from zhiwei.kernel.values import Verb


@pytest.fixture
def work(cast: Cast) -> Work:
    """Two choices on one page."""
    return paper_work(cast)


def look(cast: Cast, work: Work) -> TrayView:
    """The tray as the teacher sees it."""
    with acting(cast, "teacher"):
        return tray_of(work, TODAY)


def test_sheet_to_marks(cast: Cast, work: Work) -> None:
    printed = Sheets(cast, work)
    pages = [
        printed.filled(cast.people["pupil"], {1: "B", 2: "AC"}),
        printed.filled(cast.people["classmate"], {1: "A", 2: "AC"}),
    ]
    scanned = as_pdf(*pages)
    batch = scan_in(cast, work, ("扫描.pdf", scanned))
    assert (batch.state, batch.done_pages) == ("done", 2)
    with acting(cast, "teacher"):
        scores = dict(Sitting.objects.filter(work=work).values_list("person_id", "score"))
        assert scores == {cast.people["pupil"]: 4.0, cast.people["classmate"]: 2.0}
        answer = Response.objects.get(sitting__person_id=cast.people["pupil"], item__position=2)
        assert answer.value["value"] == ["A", "C"] and answer.value["reading"]["confidence"] > 0.8
        assert files.read(answer.files[0]).startswith(b"\x89PNG") and answer.sitting.medium == "paper"
        original = batch.files.get()
        assert files.read(original.blob_id) == scanned and original.problems == []


def test_the_same_page_twice_does_not_double(cast: Cast, work: Work) -> None:
    page = as_pdf(Sheets(cast, work).filled(cast.people["pupil"], {1: "B"}))
    scan_in(cast, work, ("一.pdf", page))
    second = scan_in(cast, work, ("二.pdf", page))
    with acting(cast, "teacher"):
        assert ScanPage.objects.count() == 1 and Sitting.objects.count() == 1
        file = second.files.get()
        assert (file.page_count, file.repeated) == (0, 1)


def test_an_unknown_page_waits_for_a_person_and_can_be_undone(cast: Cast, work: Work) -> None:
    printed = Sheets(cast, work)
    torn = without_code(printed.filled(cast.people["pupil"], {1: "B", 2: "AC"}), printed)
    known = printed.filled(cast.people["classmate"], {1: "B"})
    scan_in(cast, work, ("混.pdf", as_pdf(torn, known)))
    view = look(cast, work)
    assert len(view.unknown) == 1 and view.waiting == 1
    assert {row.pupil.id: row.state for row in view.classes[0].rows} == {
        cast.people["pupil"]: "absent",
        cast.people["classmate"]: "taken",
    }
    with acting(cast, "teacher") as teacher:
        tray.place_page(actor=teacher, now=NOW, page=view.unknown[0], person_id=cast.people["pupil"])
        sitting = Sitting.objects.get(person_id=cast.people["pupil"])
        assert sitting.responses.get(item__position=1).value["text"] == "B"
        tray.undo(actor=teacher, now=NOW, page=view.unknown[0])
        assert not Sitting.objects.filter(person_id=cast.people["pupil"]).exists()
        with pytest.raises(ConflictError):
            tray.undo(actor=teacher, now=NOW, page=view.unknown[0])
    assert len(look(cast, work).unknown) == 1


def test_two_copies_wait_until_one_is_chosen(cast: Cast, work: Work) -> None:
    printed = Sheets(cast, work)
    pupil = cast.people["pupil"]
    copies = [printed.filled(pupil, {1: "A"}), printed.filled(pupil, {1: "B"})]
    scan_in(cast, work, ("两份.pdf", as_pdf(*copies)))
    view = look(cast, work)
    assert len(view.duplicate[0]) == 2
    with acting(cast, "teacher") as teacher:
        assert not Sitting.objects.exists()
        assert tray.keep_copy(actor=teacher, now=NOW, page=view.duplicate[0][1]) == 1
        assert Response.objects.get(item__position=1).value["text"] == "B"
    assert [len(one) for one in (look(cast, work).aside, look(cast, work).duplicate)] == [1, 0]


def test_a_lost_page_shifts_nothing_and_is_named(cast: Cast) -> None:
    work = paper_work(cast, *([DERIVED] * 6), CHOICE)
    printed = Sheets(cast, work)
    assert len(printed.template.pages) == 2
    pupil, mate = cast.people["pupil"], cast.people["classmate"]
    scanned = [printed.filled(pupil, {}, 1), printed.filled(mate, {}, 1), printed.filled(mate, {7: "B"}, 2)]
    scan_in(cast, work, ("少一页.pdf", as_pdf(*scanned)))
    found = look(cast, work).row_of(pupil)
    assert found is not None and found[1].state == "partial" and found[1].missing == (2,)
    with acting(cast, "teacher") as teacher:
        assert Response.objects.get(sitting__person_id=mate, item__position=7).value["text"] == "B"
        assert not Sitting.objects.filter(person_id=pupil).exists()
        collecting.accept_incomplete(actor=teacher, now=NOW, work=work, person_id=pupil)
    run_jobs()
    with acting(cast, "teacher") as teacher:
        last = Response.objects.get(sitting__person_id=pupil, item__position=7)
        assert (last.score, last.state, last.value["reading"]["remark"]) == (0.0, "doubtful", "missing_page")
        drawn = Response.objects.get(sitting__person_id=pupil, item__position=1)
        assert (drawn.state, drawn.score) == ("waiting", None)
        with pytest.raises(ConflictError):
            releasing.release_marks(actor=teacher, now=NOW, work=work)


def test_what_a_person_marked_is_not_moved_away(cast: Cast, work: Work) -> None:
    scan_in(cast, work, ("a.pdf", as_pdf(Sheets(cast, work).filled(cast.people["pupil"], {1: "B"}))))
    with acting(cast, "teacher") as teacher:
        answer = Response.objects.get(item__position=1)
        marking.give_mark(actor=teacher, now=NOW, response=answer, score=1)
        page = ScanPage.objects.get()
        for person in ("classmate", "pupil"):
            with pytest.raises(ConflictError, match="人工批改"):
                tray.place_page(actor=teacher, now=NOW, page=page, person_id=cast.people[person])
        with pytest.raises(ConflictError, match="人工批改"):
            tray.set_aside(actor=teacher, now=NOW, page=page)
        with pytest.raises(NotFoundError):
            tray.place_page(actor=teacher, now=NOW, page=page, person_id=cast.people["pupil_two"])


@pytest.mark.parametrize("content", [b"%PDF-1.7 broken", b"MZ not paper", b"\x89PNG\r\n\x1a\n" + b"0" * 50])
def test_a_hostile_file_is_one_sentence(cast: Cast, work: Work, content: bytes) -> None:
    good = as_pdf(Sheets(cast, work).filled(cast.people["pupil"], {1: "B"}))
    batch = scan_in(cast, work, ("坏.pdf", content), ("空.pdf", b""), ("好.pdf", good))
    with acting(cast, "teacher"):
        told = [(one.name, len(one.problems), one.page_count) for one in batch.files.order_by("pk")]
        assert told == [("坏.pdf", 1, 0), ("空.pdf", 1, 0), ("好.pdf", 0, 1)]
        assert batch.state == "done" and Sitting.objects.count() == 1


def test_marked_pages_and_dataset_come_out(cast: Cast, work: Work) -> None:
    scan_in(cast, work, ("a.pdf", as_pdf(Sheets(cast, work).filled(cast.people["pupil"], {1: "B"}))))
    with acting(cast, "teacher") as teacher:
        for request in (paper_files.request_marked, paper_files.request_dataset):
            request(actor=teacher, now=NOW, work=work, class_id=cast.class_one)
    run_jobs()
    with acting(cast, "teacher") as teacher:
        made = {row.kind: row for row in PaperFile.objects.all()}
        heads = {kind: papering.read_file(actor=teacher, now=NOW, row=row)[:4] for kind, row in made.items()}
        assert heads == {"sheets": b"%PDF", "marked": b"%PDF", "dataset": b"PK\x03\x04"}


def test_who_may_handle_paper(cast: Cast, work: Work) -> None:
    seen = {}
    for nickname in cast.people:
        with acting(cast, nickname) as actor:
            seen[nickname] = paper_access.paper_works(actor, Verb.UPDATE).count()
    assert {name for name, count in seen.items() if count} == {"teacher"}


def test_without_template_or_questions_nothing_begins(cast: Cast) -> None:
    with acting(cast, "teacher") as teacher:
        from zhiwei.assessment.services import setting

        bare = setting.create_work(actor=teacher, now=NOW, title="空", subject="math")
        with pytest.raises(InvalidInputError, match="题目|班级"):
            papering.request_sheets(
                actor=teacher, now=NOW, work=bare, wish=papering.SheetWish(), class_ids=[cast.class_one]
            )
        with pytest.raises(InvalidInputError):
            papering.SheetWish(paper="B5")
        with pytest.raises(InvalidInputError, match="文件"):
            scanning_in.take_files(actor=teacher, now=NOW, work=bare, uploads=[])


def test_the_watched_folder_takes_what_names_a_work(
    cast: Cast, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "inbox_folder", lambda: tmp_path)
    monkeypatch.setattr(inbox, "SETTLED_SECONDS", -1.0)
    page = as_pdf(Sheets(cast, work).filled(cast.people["pupil"], {1: "B"}))
    school, other = tmp_path / str(cast.school), tmp_path / str(cast.other_school)
    for folder in (school, other):
        folder.mkdir()
        (folder / "scan.pdf").write_bytes(page)
    (school / "junk.pdf").write_bytes(b"%PDF- nothing")
    (school / "link.pdf").symlink_to(other / "scan.pdf")
    assert inbox.empty_inboxes(now=NOW) == {"taken": 1, "unread": 2}
    run_jobs()
    with acting(cast, "teacher"):
        assert Sitting.objects.get().person_id == cast.people["pupil"]
    assert not (school / "scan.pdf").exists() and len(list((school / "unread").iterdir())) == 1
    assert len(list((other / "unread").iterdir())) == 1 and (school / "link.pdf").is_symlink()
