"""What is said about a worked solution."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StepVerdict:
    """One line of working.

    Attributes:
        status: ``right``, ``wrong``, ``follows`` (right after an earlier mistake) or ``unread``
        (nothing to check).
        code: reason code of a wrong line, else "".
        shown: how the line was read.
    """

    status: str
    code: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class SolutionVerdict:
    """A whole solution.

    Attributes:
        steps: one verdict a line, in order.
        first_wrong: index of the first wrong line, or None.
        kind: code of the kind of error, "" when there is none.
        answer_right: whether the last result is the reference's; None without a reference.
        lucky: the answer is right although a step is wrong.
    """

    steps: tuple[StepVerdict, ...]
    first_wrong: int | None
    kind: str = ""
    answer_right: bool | None = None
    lucky: bool = False
