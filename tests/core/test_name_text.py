"""Names: nothing that nobody can see, and every letter that somebody's name needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.core.name_text import clean_name, has_letters, is_seen


@pytest.mark.parametrize(
    "name",
    [
        "O’Brien", "O'Brien", "Smith-Jones", "D’Arcy", "Núñez", "Đặng", "Žukas", "Øster",
        "王小明", "김철수", "Ольга", "محمد", "נועה", "ஸ்ரீ", "ณัฐ", "Ọláńrewájú", "Dr. X Æ",
        "葛\U000e0100城",
        "می\u200cخواهم", "ക്\u200d", "श्री\u200dमान", "क्\u200cष",
    ],
)  # fmt: skip
def test_letters_of_every_script_stay(name: str) -> None:
    wanted = name.rstrip("\u200d")
    assert clean_name(name) == wanted
    assert has_letters(name)


@pytest.mark.parametrize(
    "hidden",
    ["\u202e", "\u200f", "\u200b", "\ufeff", "\u00ad", "\u2066", "\u3164", "\u200d", "\u200c",
     "\x00", "\x85", "\ue000", "\u2800", "\u115f", "\ufe0f", "\U000e0041", "\u034f", "\u061c"],
)  # fmt: skip
def test_what_nobody_can_see_is_taken_out(hidden: str) -> None:
    assert clean_name(f"Ol{hidden}ga") == ("Ol ga" if hidden.isspace() else "Olga")
    assert clean_name(hidden * 3) == ""
    assert not has_letters(hidden)


def test_white_space_of_any_kind_is_one_space() -> None:
    assert clean_name("  Ann\u00a0\u3000\tLee\n") == "Ann Lee"


@given(st.text(max_size=30))
def test_cleaned_once_is_cleaned_for_good(text: str) -> None:
    once = clean_name(text)
    assert clean_name(once) == once
    assert all(character == " " or not character.isspace() for character in once)


@pytest.mark.parametrize(
    "unseen", ["", "\u200b", "\u2800 \u3164", "\u202e\n\u200f", "\ufe0f \u180b"]
)
def test_what_nobody_can_see_is_nothing(unseen: str) -> None:
    assert not is_seen(unseen)
    assert is_seen(f"{unseen}yes")
