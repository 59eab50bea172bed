"""A report speaks of a person as recorded; an older report reads and hashes as it did."""

from dataclasses import replace

import pytest

from mhtr.cases.facts import Recommendation
from mhtr.suitability.pronouns import Pronoun, pronoun_of, worded
from mhtr.suitability.psr_paragraph import psr_paragraph
from mhtr.suitability.report_content import HisAnswer, content_hash, from_json, signed_hash, to_json
from mhtr.suitability.report_view import report_view
from tests.suitability.report_samples import SIGNED, UNSUITABLE


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        ("", Pronoun.HE),
        ("  ", Pronoun.HE),
        ("he/him", Pronoun.HE),
        ("He / they", Pronoun.HE),
        ("She/her", Pronoun.SHE),
        ("her", Pronoun.SHE),
        ("they, them", Pronoun.THEY),
        ("Them", Pronoun.THEY),
        ("xe/xem", Pronoun.THEY),
    ],
)
def test_the_first_word_recorded_counts(recorded: str, expected: Pronoun) -> None:
    assert pronoun_of(recorded) is expected


@pytest.mark.parametrize(
    ("pronoun", "expected"),
    [
        (Pronoun.HE, "He has read it; he agrees to his plan. He wishes him well, he was."),
        (Pronoun.SHE, "She has read it; she agrees to her plan. She wishes her well, she was."),
        (
            Pronoun.THEY,
            "They have read it; they agree to their plan. They wish them well, they were.",
        ),
    ],
)
def test_the_verb_follows(pronoun: Pronoun, expected: str) -> None:
    text = "{He} {has} read it; {he} agree{s} to {his} plan. {He} wish{es} {him} well, {he} {was}."
    assert worded(text, pronoun) == expected


def said(pronoun: Pronoun) -> str:
    """Every word that the program itself puts into a report, under this pronoun."""
    found = []
    for sample in (SIGNED, UNSUITABLE, replace(UNSUITABLE, recommendation=Recommendation.DECLINED)):
        view = report_view(replace(sample, pronoun=pronoun))
        found += [view.recommendation, view.handling]
        found += [condition.question for condition in view.conditions]
        for passage in view.passages:
            if passage.heading != "Practical arrangements":
                found += [passage.heading, *passage.paragraphs]
    found.append(psr_paragraph(replace(SIGNED, pronoun=pronoun)))
    return " ".join(found).replace(SIGNED.his_words or "-", "")


def test_the_whole_report_uses_it() -> None:
    masculine = {"he", "him", "his", "man"}
    for pronoun in (Pronoun.SHE, Pronoun.THEY):
        words = {word.strip(".,;:").lower() for word in said(pronoun).split()}
        assert not words & masculine, pronoun
        assert "{" not in said(pronoun)
    agrees = replace(SIGNED, his_answer=HisAnswer.AGREES, pronoun=Pronoun.THEY)
    assert psr_paragraph(agrees).endswith("They read or heard this report and agree with it.")
    assert "He is willing to comply" in said(Pronoun.HE)


def test_reports_from_before_keep_their_fingerprints() -> None:
    assert "pronoun" not in to_json(SIGNED)
    hers = replace(SIGNED, pronoun=Pronoun.SHE)
    assert from_json(to_json(hers)) == hers
    assert content_hash(hers) != content_hash(SIGNED)
    assert signed_hash(hers) != signed_hash(SIGNED), "the lead signs the wording he read"
