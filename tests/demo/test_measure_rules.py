"""The demonstration has a rule that was signed, one that was withdrawn, and some that wait."""

from flask import Flask

from outcome_measures.signing import queries as rules_page


def test_the_page_of_rules_shows_every_state(shown: Flask) -> None:
    states = {
        (of.instrument.id, one.rule.key): one for of in rules_page.every() for one in of.rules
    }
    assert states["auditc", "bands"].state == "Applied: signed"
    withdrawn = states["pcl5", "reliable_change"]
    assert withdrawn.state == "Not applied: to be signed"
    assert withdrawn.history[0].withdrawn_by == withdrawn.history[0].by
    assert not states["itq", "wording"].applied
    assert states["phq9", "caseness"].state == "Applied: source read"
