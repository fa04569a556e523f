"""The pages of learning: what they show, and to whom they are closed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from learning_stage import acting, add_graph, add_items, hear, released
from tests.cast import Cast

from zhiwei.kernel import scope
from zhiwei.kernel.models import AuditRow, Notification, Person
from zhiwei.learning.models import Observation, Practice, PracticeItem

SHARES = [("math.8.a", 1.0), ("math.8.a", 0.75), ("math.8.b", 0.25), ("math.8.b", 0.0)]


@pytest.fixture
def stage(cast: Cast) -> Cast:
    """A graph, a bank, and last week's released answers of two pupils."""
    add_graph()
    add_items(cast)
    before = timezone.now() - timedelta(days=9)
    hear(cast, released(cast, "pupil", SHARES, at=before))
    hear(cast, released(cast, "classmate", SHARES[::-1], first_id=50, sitting_id=2, at=before))
    return cast


def uuid_of(cast: Cast, nickname: str) -> str:
    with scope.everywhere("test"):
        return str(Person.objects.get(pk=cast.people[nickname]).uuid)


def practise(client: Client, minutes: int = 10) -> str:
    """Begin a practice and return the address of its first question."""
    response = client.post("/learning/start/", {"subject": "math", "minutes": minutes})
    assert response.status_code == 302
    return client.get(response.headers["Location"]).headers["Location"]


def test_a_pupil_sees_the_own_pages(stage: Cast, sign_in: dict[str, Client]) -> None:
    for page in ("", "map/", "path/", "progress/", "evidence/?point=math.8.a", "goal/"):
        assert sign_in["pupil"].get(f"/learning/{page}").status_code == 200, page
    with scope.everywhere("test"):
        assert not AuditRow.objects.filter(about_id=stage.people["pupil"], verb="read").exists()


def test_who_sees_a_pupil(stage: Cast, sign_in: dict[str, Client]) -> None:
    child = uuid_of(stage, "pupil")
    allowed = {"pupil", "guardian", "teacher", "head"}
    for nickname, client in sign_in.items():
        for page in ("map", "path", "progress", "evidence"):
            status = client.get(f"/learning/of/{child}/{page}/?subject=math").status_code
            assert status == (200 if nickname in allowed else 404), (nickname, page)
    with scope.everywhere("test"):
        rows = AuditRow.objects.filter(about_id=stage.people["pupil"], verb="read", kind="mastery")
        readers = list(rows.values_list("actor_id", flat=True))
    assert sorted(readers) == sorted(stage.people[one] for one in allowed - {"pupil"} for _ in range(4))


def test_a_teacher_sees_only_the_own_subject(stage: Cast, sign_in: dict[str, Client]) -> None:
    address = f"/learning/of/{uuid_of(stage, 'pupil')}/map/?subject=physics"
    assert sign_in["teacher"].get(address).status_code == 404
    assert sign_in["head"].get(address).status_code == 200


def test_a_class_is_closed_to_who_does_not_teach_it(stage: Cast, sign_in: dict[str, Client]) -> None:
    address = f"/learning/classes/{stage.class_one}/math/"
    for nickname in ("pupil", "guardian", "principal", "other_teacher", "outsider", "bureau"):
        client = sign_in[nickname]
        assert client.get(address).status_code == 404, nickname
        for action in ("tiers", "push", "method"):
            posted = client.post(f"{address}{action}/", {"tier": "基础", "minutes": 10})
            assert posted.status_code == 404, (nickname, action)
    with scope.everywhere("test"):
        assert not Practice.objects.exists()


def test_a_class_teacher_reads_but_changes_nothing(stage: Cast, sign_in: dict[str, Client]) -> None:
    address = f"/learning/classes/{stage.class_one}/math/"
    assert sign_in["head"].get(address).status_code == 200
    for action in ("tiers", "push", "method"):
        assert sign_in["head"].post(f"{address}{action}/", {"minutes": 10}).status_code == 404


def test_the_class_picture_opens_the_answers(stage: Cast, sign_in: dict[str, Client]) -> None:
    text = sign_in["teacher"].get(f"/learning/classes/{stage.class_one}/math/").content.decode()
    assert "因式分解" in text and "人pupil" in text
    assert f"/learning/of/{uuid_of(stage, 'pupil')}/evidence/?subject=math&amp;point=math.8.b" in text
    with scope.everywhere("test"):
        about = set(AuditRow.objects.filter(verb="read", kind="mastery").values_list("about_id", flat=True))
    assert about == {stage.people["pupil"], stage.people["classmate"]}


def test_practice_from_first_to_last_question(stage: Cast, sign_in: dict[str, Client]) -> None:
    client = sign_in["pupil"]
    address = practise(client)
    while True:
        page = client.get(address).content.decode()
        assert "data-question" in page and "explanation" not in page and "因为乙对" not in page
        done = client.post(f"{address}answer/", {"value": json.dumps({"value": "B"})})
        assert "做对了" in client.get(done.headers["Location"]).content.decode()
        response = client.get("/".join(address.split("/")[:4]) + "/")
        if response.status_code == 200:
            break
        address = response.headers["Location"]
    assert "练完了" in response.content.decode()
    with scope.everywhere("test"):
        practice = Practice.objects.get()
        assert practice.state == "done"
        learned = Observation.objects.filter(source="practice", person_id=stage.people["pupil"])
        assert learned.count() == practice.items.count() >= 3
        assert set(learned.values_list("share", flat=True)) == {1.0}


def test_hints_cost_and_a_second_answer_changes_nothing(stage: Cast, sign_in: dict[str, Client]) -> None:
    client = sign_in["pupil"]
    address = practise(client)
    assert "想一想" not in client.get(address).content.decode()
    for _ in range(5):
        client.post(f"{address}hint/")
    page = client.get(address).content.decode()
    assert "想一想" in page and "完整讲解" in page
    client.post(f"{address}answer/", {"value": json.dumps({"value": "B"})})
    client.post(f"{address}answer/", {"value": json.dumps({"value": "A"})})
    client.post(f"{address}hint/")
    with scope.everywhere("test"):
        row = PracticeItem.objects.get(answered_at__isnull=False)
        assert (row.score, row.hints, row.value) == (2.0, 2, {"value": "B"})
        assert Observation.objects.get(source="practice").share == pytest.approx(0.4)


def test_a_broken_answer_is_refused(stage: Cast, sign_in: dict[str, Client]) -> None:
    address = practise(sign_in["pupil"])
    for value in ("", "[]", "{", '{"script": 1}', json.dumps({"text": "字" * 30_000})):
        assert sign_in["pupil"].post(f"{address}answer/", {"value": value}).status_code == 422, value[:9]
    with scope.everywhere("test"):
        assert not PracticeItem.objects.filter(answered_at__isnull=False).exists()


def test_nobody_answers_for_a_pupil(stage: Cast, sign_in: dict[str, Client]) -> None:
    address = practise(sign_in["pupil"])
    for nickname in ("classmate", "guardian", "teacher", "principal"):
        client = sign_in[nickname]
        assert client.get(address).status_code == 404, nickname
        assert client.post(f"{address}answer/", {"value": '{"value": "B"}'}).status_code == 404
        assert client.post(f"{address}hint/").status_code == 404


def test_unreasonable_minutes_are_refused(stage: Cast, sign_in: dict[str, Client]) -> None:
    for minutes in ("0", "999", "x"):
        response = sign_in["pupil"].post("/learning/start/", {"subject": "math", "minutes": minutes})
        assert response.status_code == 422


def test_a_hand_wins_over_the_model_until_it_is_handed_back(stage: Cast, sign_in: dict[str, Client]) -> None:
    from zhiwei.learning.queries.tiers import tiers_of

    person, address = stage.people["pupil"], f"/learning/classes/{stage.class_one}/math/"

    def tier() -> tuple[str, bool]:
        with acting(stage, "teacher"):
            now = timezone.now()
            found = tiers_of([person], subject="math", now=now, today=now.date())[person]
            return found.tier.value, found.by_hand

    assert tier() == ("基础", False)
    sign_in["teacher"].post(f"{address}tiers/", {f"tier-{person}": "拓展"})
    assert tier() == ("拓展", True)
    sign_in["teacher"].post(f"{address}tiers/", {f"tier-{person}": ""})
    assert tier() == ("基础", False)
    assert sign_in["teacher"].post(f"{address}tiers/", {f"tier-{person}": "天才"}).status_code == 422
    foreign = stage.people["pupil_two"]
    assert sign_in["teacher"].post(f"{address}tiers/", {f"tier-{foreign}": "基础"}).status_code == 422


def test_a_pushed_practice_reaches_the_tier_with_sets_of_their_own(
    stage: Cast, sign_in: dict[str, Client]
) -> None:
    address = f"/learning/classes/{stage.class_one}/math/"
    sign_in["teacher"].post(f"{address}tiers/", {f"tier-{stage.people['classmate']}": "拓展"})
    response = sign_in["teacher"].post(f"{address}push/", {"tier": ["基础"], "minutes": "10"})
    assert response.status_code == 302
    with scope.everywhere("test"):
        assert list(Practice.objects.values_list("person_id", "tier")) == [(stage.people["pupil"], "基础")]
        assert Notification.objects.filter(person_id=stage.people["pupil"], url="/learning/").count() == 1
    assert "老师推的" in sign_in["pupil"].get("/learning/").content.decode()


def test_a_class_may_choose_plain_rules(stage: Cast, sign_in: dict[str, Client]) -> None:
    address = f"/learning/classes/{stage.class_one}/math/"
    sign_in["teacher"].post(f"{address}method/", {"method": "rules"})
    page = sign_in["pupil"].get("/learning/evidence/?subject=math&point=math.8.b").content.decode()
    assert "按规则计数" in page
    sign_in["teacher"].post(f"{address}method/", {"method": "model"})
    page = sign_in["pupil"].get("/learning/evidence/?subject=math&point=math.8.b").content.decode()
    assert "按规则计数" not in page


def test_a_goal_makes_the_path_and_says_why(stage: Cast, sign_in: dict[str, Client]) -> None:
    client = sign_in["pupil"]
    answer = client.post("/learning/goal/?subject=math", {"goal": "point:math.8.d", "minutes": "90"})
    assert answer.status_code == 302
    page = client.get("/learning/path/?subject=math").content.decode()
    assert "去「分式方程」的路" in page and "因为这就是目标" in page and "要先掌握它" in page
    assert page.index("因式分解") < page.index("<strong>分式方程")
    assert (
        client.post("/learning/goal/?subject=math", {"goal": "point:x", "minutes": "90"}).status_code == 422
    )
    assert (
        client.post("/learning/goal/?subject=math", {"goal": "point:math.8.d", "minutes": "1"}).status_code
        == 422
    )
    child = uuid_of(stage, "pupil")
    for nickname, status in (("guardian", 404), ("classmate", 404), ("teacher", 302), ("head", 404)):
        response = sign_in[nickname].post(
            f"/learning/of/{child}/goal/?subject=math", {"goal": "point:math.8.c", "minutes": "60"}
        )
        assert response.status_code == status, nickname


def test_the_story_is_for_teachers(stage: Cast, sign_in: dict[str, Client]) -> None:
    address = f"/learning/of/{uuid_of(stage, 'pupil')}/story/?subject=math"
    assert "在家可以这样帮" in sign_in["teacher"].get(address).content.decode()
    for nickname in ("pupil", "guardian", "classmate", "principal", "other_teacher"):
        assert sign_in[nickname].get(address).status_code == 404


def test_a_guardian_goes_straight_to_the_child(stage: Cast, sign_in: dict[str, Client]) -> None:
    response = sign_in["guardian"].get("/learning/")
    assert response.headers["Location"] == f"/learning/of/{uuid_of(stage, 'pupil')}/map/"
    assert "不必和别人比" in sign_in["guardian"].get(response.headers["Location"]).content.decode()
