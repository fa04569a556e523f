"""The command line names what it does not know and lists what it does."""

import pytest

from zhiwei.config import cli


def test_an_unknown_command_is_refused_with_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["fly"]) == 2
    told = capsys.readouterr().err
    assert "fly" in told
    assert all(name in told for name in cli.COMMANDS)


def test_without_a_word_the_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 0
    assert "judge-math" in capsys.readouterr().out
