"""The steps of the main job; each room adds its own as the house grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.test import Client

from zhiwei.assessment.models import Response, Sitting
from zhiwei.config.demo import (
    api_walk,
    assessment,
    companion,
    county,
    curriculum,
    data,
    gateway,
    learning,
    paper_walk,
    pupils,
    quality,
    roster_walk,
    sharing,
)
from zhiwei.kernel import clock, scope
from zhiwei.kernel.models import Account, AuditRow, Person
from zhiwei.kernel.services import accounts


class Journey:
    """Walks the demo county through its day; what one step learns, the next may use."""

    def __init__(self) -> None:
        self.county = county.County(0)

    def steps(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """Yield the steps in order."""
        yield "found the county", self.found
        yield "sign in by one-time link", self.sign_in
        yield "a stranger is refused", self.refuse
        yield "a new term's roster: problems by row, import, hand-set values kept", self.roster
        yield "the bank is searched, an answer is tried, the graph is drawn", self.bank
        yield "homework answered, judged and released", self.homework
        yield "a class's paper printed, scanned, sorted, judged and released", self.paper
        yield "released marks become mastery, practice, path", self.learning
        yield "a pupil answers, hands in, reads feedback, reviews", self.pupil
        yield "the school's own documents answer, the companion leads", self.companion
        yield "homework through the API, faults included", self.api
        yield "released marks become a published, de-identified corpus", self.data
        yield "an export is brought in, its bad rows found, its quality reported", self.quality
        yield "data are shared, questioned and handed down, each past a second person", self.sharing
        yield "models and budgets are set up; without a model the bank helps", self.gateway

    def found(self) -> str:
        """Found the county."""
        self.county = county.found_county(now=clock.now())
        with scope.everywhere("count"):
            people, rows = Person.objects.count(), AuditRow.objects.count()
        assert people > 240, people
        return f"{len(self.county.schools)} schools, {people} people, {rows} audit rows"

    def sign_in(self) -> str:
        """Enter with each demo account's link; the link works once."""
        for _title, account_id in self.county.accounts:
            token = accounts.make_link(account_id=account_id, now=clock.now())
            client = Client(headers={"host": "localhost"})
            assert client.post(f"/link/{token}/").status_code == 302
            assert client.get("/account/").status_code == 200
            assert Client(headers={"host": "localhost"}).post(f"/link/{token}/").status_code == 410
        return f"{len(self.county.accounts)} roles entered once each"

    def refuse(self) -> str:
        """Nobody sees people without signing in; a pupil sees no list of people."""
        assert Client(headers={"host": "localhost"}).get("/people/").status_code == 302
        client = self.client_of("学生")
        assert client.get("/people/").status_code == 404
        return "302 without sign-in, 404 for a pupil"

    def roster(self) -> str:
        """A roster with a broken row is refused whole; the mended one makes a class, and again changes nothing."""
        return roster_walk.walk(self.client_of("学校管理员"))

    def bank(self) -> str:
        """The starter curriculum is there for a teacher, and its questions closed to a pupil."""
        curriculum.prepare(now=clock.now())
        return curriculum.walk(self.client_of("数学教师"), self.client_of("学生"))

    def homework(self) -> str:
        """The demo's works stand: one released, one with answers in doubt, one open."""
        assessment.add_assessment(now=clock.now())
        with scope.everywhere("count"):
            released = Sitting.objects.filter(released_at__isnull=False).count()
            doubtful = Response.objects.filter(state="doubtful").count()
        assert released > 40, released
        assert doubtful >= 3, doubtful
        return f"{released} sittings released, {doubtful} answers in doubt"

    def pupil(self) -> str:
        """The demo pupil's day, with the guardian looking on."""
        pupils.deliver_news()
        return pupils.walk(self.client_of("学生"), self.client_of("家长"))

    def paper(self) -> str:
        """Sheets go out, scans come in; a person settles the tray; marks go to the pupils."""
        return paper_walk.walk(now=clock.now())

    def api(self) -> str:
        """Set, answer, judge, review, release, wrong-answer book, picture and facts, by programs with tokens."""
        accounts_by_title = dict(self.county.accounts)
        return api_walk.walk(accounts_by_title["数学教师"], accounts_by_title["学生"], now=clock.now())

    def learning(self) -> str:
        """What was released is learned from: map, path, a practice that waits, the class picture."""
        curriculum.prepare(now=clock.now())
        return learning.walk(self.client_of("学生"), self.client_of("数学教师"), now=clock.now())

    def data(self) -> str:
        """A data officer's sitting: consent, choice, checks, review, version, second person, marked copy."""
        clients = [Client(headers={"host": "localhost"}) for _ in range(3)]
        for client, title in zip(clients, ("数据专员", "安全专员", "学生"), strict=True):
            client.force_login(Account.objects.get(pk=dict(self.county.accounts)[title]))
        return data.walk(clients[0], clients[1], clients[2], now=clock.now())

    def quality(self) -> str:
        """A data officer brings another system's export in and checks it; a principal looks on."""
        clients = [Client(headers={"host": "localhost"}) for _ in range(3)]
        for client, title in zip(clients, ("数据专员", "校长", "学生"), strict=True):
            client.force_login(Account.objects.get(pk=dict(self.county.accounts)[title]))
        return quality.walk(clients[0], clients[1], clients[2], now=clock.now())

    def sharing(self) -> str:
        """A lead reads disguised rows and questions the room; a school reads what the county handed down."""
        return sharing.walk(
            self.client_of("数学教师"), self.client_of("校长"), self.client_of("学生"), now=clock.now()
        )

    def companion(self) -> str:
        """The handbook is asked, a pupil gets hints and hands over, nobody else reads along."""
        return companion.walk(
            self.client_of("学生"), self.client_of("数学教师"), self.client_of("家长"), now=clock.now()
        )

    def gateway(self) -> str:
        """Models and budgets for administrators; without a model a teacher is helped from the bank."""
        gateway.add_gateway(now=clock.now())
        return gateway.walk(self.client_of("学校管理员"), self.client_of("数学教师"))

    def client_of(self, title: str) -> Client:
        """Return a browser signed in as one of the demo roles."""
        account_id = dict(self.county.accounts)[title]
        client = Client(headers={"host": "localhost"})
        client.post(f"/link/{accounts.make_link(account_id=account_id, now=clock.now())}/")
        return client
