"""English is complete in every room: nothing missing, nothing left over, no two words for one."""

from zhiwei.ui import messages


def test_english_is_complete() -> None:
    assert messages.problems() == [], "run: zhiwei messages, then fill in the new entries"
