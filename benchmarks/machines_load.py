"""What users do while ``bench machines`` pulls cables: write under keys, and walk about with one session."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, field

import httpx

SITE = "zhiwei.test"
PATIENCE = httpx.Timeout(4.0, connect=1.5)


@dataclass
class Seen:
    """What one kind of users went through."""

    answered: int = 0
    faults: list[str] = field(default_factory=list)
    moved: int = 0
    longest_seconds: float = 0.0


class Balance:
    """Asks one web machine, and the next when it does not answer: what a load balancer does."""

    def __init__(self, machines: list[str]) -> None:
        self.bases = [f"http://{one}:8000" for one in machines]
        self.client = httpx.Client(timeout=PATIENCE, headers={"Host": f"{SITE}:8000"}, follow_redirects=False)
        self.turn = 0

    def ask(self, seen: Seen, method: str, path: str, **sent: object) -> httpx.Response:
        """Ask until an answer comes; the same request goes to the next machine.

        Raises:
            TimeoutError: None for two minutes.
        """
        began = time.monotonic()
        while time.monotonic() < began + 120:
            self.turn += 1
            base = self.bases[self.turn % len(self.bases)]
            try:
                answer = self.client.request(method, base + path, **sent)  # type: ignore[arg-type]
            except httpx.TransportError:
                seen.moved += 1
                continue
            if answer.status_code in {409, 503}:
                seen.moved += 1
                time.sleep(0.3)
                continue
            seen.longest_seconds = max(seen.longest_seconds, time.monotonic() - began)
            return answer
        raise TimeoutError(f"{method} {path}: no answer for two minutes")


class Writers:
    """Threads that make drafts of homework through the API, each under an idempotency key."""

    def __init__(self, machines: list[str], token: str, threads: int) -> None:
        self.seen, self.acknowledged = Seen(), dict[str, str]()
        self.over, self.lock = threading.Event(), threading.Lock()
        self.threads = [
            threading.Thread(target=self._write, args=(Balance(machines), token, number))
            for number in range(threads)
        ]

    def start(self) -> None:
        """Begin."""
        for one in self.threads:
            one.start()

    def stop(self) -> None:
        """End after the request under way."""
        self.over.set()
        for one in self.threads:
            one.join()

    def _write(self, balance: Balance, token: str, number: int) -> None:
        turn = 0
        while not self.over.is_set():
            turn += 1
            title = f"draft {number}-{turn}"
            answer = balance.ask(
                self.seen,
                "POST",
                "/api/v1/works",
                json={"title": title, "subject": "数学"},
                headers={"Authorization": f"Bearer {token}", "Idempotency-Key": title},
            )
            with self.lock:
                self.seen.answered += 1
                if answer.status_code == 201:
                    self.acknowledged[title] = answer.json()["uuid"]
                else:
                    self.seen.faults.append(f"{title}: {answer.status_code} {answer.text[:120]}")
            time.sleep(0.15)


class Walker:
    """A teacher who signed in on one machine and turns pages on whichever answers."""

    def __init__(self, machines: list[str], login: str, password: str) -> None:
        self.seen, self.balance = Seen(), Balance(machines)
        self.over = threading.Event()
        self.cookies = self._signed_in(login, password)
        self.thread = threading.Thread(target=self._walk)

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def stop(self) -> None:
        """End."""
        self.over.set()
        self.thread.join()

    def post(self, path: str, **sent: object) -> httpx.Response:
        """Send a form of one's own."""
        head = {"Cookie": self.cookies, "X-CSRFToken": _cookie(self.cookies, "csrftoken")}
        return self.balance.ask(self.seen, "POST", path, headers=head, **sent)

    def get(self, path: str) -> httpx.Response:
        """Open a page."""
        return self.balance.ask(self.seen, "GET", path, headers={"Cookie": self.cookies})

    def _signed_in(self, login: str, password: str) -> str:
        form = self.balance.ask(self.seen, "GET", "/sign-in/")
        token = re.search(r"csrftoken=(\w+)", form.headers["set-cookie"])
        assert token is not None
        answer = self.balance.ask(
            self.seen,
            "POST",
            "/sign-in/",
            data={"login": login, "password": password},
            headers={"Cookie": f"csrftoken={token[1]}", "X-CSRFToken": token[1]},
        )
        assert answer.status_code == 302, answer.text[:300]
        self.balance.client.cookies.clear()
        kept = re.findall(r"((?:csrftoken|sessionid)=\w+)", ",".join(answer.headers.get_list("set-cookie")))
        return "; ".join(kept)

    def _walk(self) -> None:
        while not self.over.is_set():
            answer = self.get("/account/")
            self.seen.answered += 1
            if answer.status_code != 200:
                self.seen.faults.append(f"/account/: {answer.status_code}")
            time.sleep(0.3)


def _cookie(cookies: str, name: str) -> str:
    return dict(one.split("=", 1) for one in cookies.split("; "))[name]
