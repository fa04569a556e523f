"""Why work on data ended, told beside the data."""

from __future__ import annotations

import pytest
from tests.cast import Cast

from zhiwei.data.tasks import told
from zhiwei.kernel.errors import JobCancelledError, NotFoundError
from zhiwei.kernel.jobs import JobContext, JobTakenOverError


@pytest.mark.parametrize(
    ("error", "attempt", "words"),
    [
        (NotFoundError("责任人已不能接入数据。"), 1, ["责任人已不能接入数据。"]),
        (JobCancelledError(), 1, ["已取消。"]),
        (MemoryError("a row with a name in it"), 1, []),
        (MemoryError("a row with a name in it"), 4, ["MemoryError"]),
        (JobTakenOverError(), 4, []),
    ],
)
def test_each_way_of_ending_is_told_as_it_is(
    cast: Cast, error: Exception, attempt: int, words: list[str]
) -> None:
    said: list[str] = []
    context = JobContext(0, cast.school, attempt)
    with pytest.raises(type(error)), told(context, said.append, crashes_from=4):
        raise error
    assert said == words
