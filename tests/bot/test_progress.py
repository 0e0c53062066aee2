"""The bar: moves on a terminal, is silent in a pipe, and leaves nothing behind."""

import io

import pytest

from bot import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_moves_on_a_terminal_and_is_wiped_away() -> None:
    shown = Terminal()

    with progress.bar("merchants", 4, shown) as step:
        for _ in range(4):
            step()

    assert "merchants ############............ 2/4" in shown.getvalue()
    assert "merchants ######################## 4/4" in shown.getvalue()
    assert shown.getvalue().endswith("\r\x1b[K")


def test_a_bar_is_silent_in_a_pipe() -> None:
    shown = io.StringIO()

    with progress.bar("merchants", 4, shown) as step:
        step()

    assert shown.getvalue() == ""


def test_a_bar_is_wiped_away_also_when_the_work_fails() -> None:
    shown = Terminal()

    with pytest.raises(OSError, match="disk"), progress.bar("merchants", 0, shown):
        raise OSError("disk")

    assert shown.getvalue().endswith("\r\x1b[K")
