"""The pages of a risk that probation is told: shown as they will read it before it is sent."""

from flask import Flask

from mhtr.probation.risk_page import card
from mhtr.probation.risk_queries import told_of
from mhtr.probation.risk_rules import TOLD_WORDS, ToldHim
from tests.compliance.test_decisions import under_order
from tests.pages import PageClient
from tests.probation.test_risks import WORDS, lead_of, notices, told
from tests.sessions.seen import Treated
from tests.suitability.browsing import as_, hidden, refused, send

SEND = "Send it to probation"


def inside(man: Treated) -> str:
    return f"/cases/{man.case.ref}/risk-told"


def outside(man: Treated) -> str:
    return f"/cases/{man.case.ref}/risk-from-service"


def shown(client: PageClient, path: str, page: str, **said: str) -> str:
    answer = send(client, path, page, **said)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def test_shown_as_they_will_read_it_sent_and_acknowledged(app: Flask) -> None:
    man = under_order()
    lead = lead_of(man)
    client, new = as_(app, man.therapist), f"{inside(man)}/new"
    page = client.page(new)
    assert man.world.officer.name in page and SEND not in page
    wrong = refused(client, new, page, words=WORDS)
    assert "Select on what basis you tell it" in wrong and "4 Elm Road" in wrong
    said = {
        "words": WORDS,
        "basis": "exception",
        "why": "CANARY-why",
        "approver": str(lead.ref),
        "told_him": "not_told",
        "not_told_why": "CANARY-untold",
    }
    missing = refused(client, new, page, **{**said, "approver": ""})
    assert "Select the clinical lead who approved it" in missing
    page = shown(client, new, page, **said)
    read = page.split('aria-label="Exactly what probation will read"')[1].split("</section>")[0]
    assert WORDS in read and "CANARY" not in read and TOLD_WORDS[ToldHim.NOT_TOLD] in read
    assert told_of(man.case.id) == []
    seen = hidden(page, "seen")
    changed = shown(client, new, page, **{**said, "words": "Other words"}, seen=seen)
    assert SEND in changed and told_of(man.case.id) == []
    assert send(client, new, page, **said, seen=seen).status_code == 303
    (one,) = told_of(man.case.id)
    assert one.row.words == WORDS
    officer = as_(app, man.world.officer)
    page = officer.page(outside(man))
    assert WORDS in page and "Not acknowledged yet" in page and "CANARY" not in page
    assert lead.name not in page and f"{outside(man)}/{one.row.ref}/acknowledge" in page
    path = f"{outside(man)}/{one.row.ref}/acknowledge"
    assert send(officer, path, page).status_code == 303
    after = client.page(inside(man))
    assert f"Acknowledged by {man.world.officer.name}" in after
    assert "CANARY-why" in after and "CANARY-untold" in after and lead.name in after


def test_said_anew_and_taken_back_on_its_page(app: Flask) -> None:
    man = under_order()
    one = told(man)
    client = as_(app, man.therapist)
    again = f"{inside(man)}/{one.row.ref}/again"
    page = client.page(again)
    assert WORDS in page and "holds no more" in page
    back = f"{inside(man)}/{one.row.ref}/take-back"
    page = client.page(back)
    assert "Say why it is taken back" in refused(client, back, page, why="")
    assert send(client, back, page, why="It was another man.").status_code == 303
    page = as_(app, man.world.officer).page(outside(man))
    assert "It was another man." in page and "Taken back" in page and "Acknowledge it" not in page
    assert "already" in client.page(again) and "already" in client.page(back)
    assert any("Read it again" in text for text in notices(man.world.officer))
    for who in (man.world.officer, man.world.office):
        assert as_(app, who).get(inside(man)).status_code == 403
    assert as_(app, man.world.office).get(outside(man)).status_code == 403
    assert client.get(outside(man)).status_code == 403


def test_probation_is_given_nothing_but_what_was_typed_for_it(app: Flask) -> None:
    man = under_order()
    given, whole = card(told(man), clinical=False), card(told_of(man.case.id)[0], clinical=True)
    assert (given.why, given.approver, given.not_told_why) == ("", "", "")
    assert whole.why and whole.approver and whole.not_told_why
    assert given.read == whole.read and given.read.words == WORDS
