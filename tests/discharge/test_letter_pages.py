"""The pages: plan, summary, preview, two signatures, copies, the file; and who never sees them."""

import io
from typing import Any

from flask import Flask
from pypdf import PdfReader

from mhtr.core import clock
from mhtr.discharge import queries
from mhtr.discharge.rules import To
from mhtr.people.models import ConsentDecision
from tests.discharge.makers import GP, copied, has_gp, planned, says, summary
from tests.ending.makers import Finishing, finished
from tests.suitability.browsing import as_, refused, send
from tests.suitability.pdf_structure import faults

SIGNS = "I stop answering my phone"


def there(of: Finishing) -> str:
    return f"/cases/{of.case.ref}/letters"


def base(of: Finishing) -> str:
    return f"{there(of)}/{queries.letters_of(of.case.id)[-1].ref}"


def today() -> dict[str, str]:
    on = clock.today()
    return {"on-day": str(on.day), "on-month": str(on.month), "on-year": str(on.year)}


def signs(client: Any, path: str) -> Any:
    page = client.page(path)
    assert "This is exactly what goes." in page
    assert "Tick that you read it" in refused(client, path, page)
    return send(client, path, client.page(path), read="yes")


def test_from_his_plan_to_a_copy_in_his_hand(app: Flask) -> None:
    of = finished()
    client = as_(app, of.man.therapist)
    assert "No plan for later is written yet" in client.page(there(of))
    plan = f"/cases/{of.case.ref}/plan-for-later"
    page = client.page(plan)
    assert "checked" not in page
    again = refused(client, plan, page, signs=SIGNS, stance="agreed", way="in_person")
    assert SIGNS in again and "Write down who he can call" in again
    answer = send(client, plan, again, signs=SIGNS, call="My brother", stance="agreed", way="text")
    assert answer.status_code == 303
    begin = f"{there(of)}/new/summary"
    page = client.page(begin)
    assert "2 of 2 planned" in page
    assert send(client, begin, page).status_code == 303
    parts = {f"part_{number}": f"Words {number}" for number in range(1, 5)}
    write = f"{base(of)}/write"
    page = client.page(write)
    assert "offence" in page.lower()
    assert send(client, write, page, with_plan="yes", **parts).status_code == 303
    assert signs(client, f"{base(of)}/sign").status_code == 303
    assert "Waits for a lead" in client.page(there(of))
    lead = as_(app, of.world.lead)
    assert signs(lead, f"{base(of)}/sign").status_code == 303
    version = queries.versions_of(of.case.id)[-1]
    read = f"{there(of)}/signed/{version.ref}"
    page = client.page(read)
    assert "Words 4" in page and SIGNS in page and version.content_hash in page
    file = client.get(f"{read}.pdf")
    text = "".join(part.extract_text() for part in PdfReader(io.BytesIO(file.data)).pages)
    assert "Words 4" in text and of.world.lead.name in text and not faults(file.data)
    page = client.page(f"{read}/copy/gp")
    assert "It is not recorded that he agrees" in page and 'name="sent"' not in page
    his = f"{read}/copy/him"
    assert send(client, his, client.page(his), sent="handed", **today()).status_code == 303
    assert "Given by hand" in client.page(there(of))


def test_his_gps_copy_is_offered_only_while_he_agrees_and_it_is_known(app: Flask) -> None:
    of = finished()
    _, version = summary(of)
    client = as_(app, of.man.therapist)
    path = f"{there(of)}/signed/{version.ref}/copy/gp"
    says(of)
    assert "No GP practice" in client.page(path)
    has_gp(of)
    page = client.page(path)
    assert GP in page and 'name="approver"' not in page
    says(of, ConsentDecision.WITHDRAWN)
    stopped = refused(client, path, page, sent="post", **today())
    assert "He took back his agreement" in stopped and 'name="sent"' not in stopped
    assert not queries.copies_of(of.case.id)
    mine = copied(of, version)
    back = f"{there(of)}/copies/{mine.ref}/take-back"
    assert send(client, back, client.page(back)).status_code == 303
    assert client.get(back).status_code == 404
    assert "recorded by mistake" in client.page(there(of))


def test_probation_and_administrators_open_none_of_it(app: Flask) -> None:
    of = finished()
    planned(of)
    _, version = summary(of)
    copied(of, version, To.HIM)
    plan = queries.plan_now(of.case.id)
    assert plan is not None
    paths = [
        there(of),
        f"/cases/{of.case.ref}/plan-for-later/{plan.ref}",
        f"/cases/{of.case.ref}/plan-for-later/{plan.ref}.pdf",
        f"{there(of)}/signed/{version.ref}",
        f"{there(of)}/signed/{version.ref}.pdf",
    ]
    for staff in (of.world.officer, of.world.office):
        client = as_(app, staff)
        assert {client.get(path).status_code for path in paths} <= {403, 404}
    client = as_(app, of.man.therapist)
    file = client.get(paths[2])
    assert not faults(file.data)
    text = PdfReader(io.BytesIO(file.data)).pages[0].extract_text()
    assert SIGNS in text and "116 123" in text


def test_a_letter_that_is_not_what_was_signed_is_not_shown(app: Flask, monkeypatch: Any) -> None:
    of = finished()
    _, version = summary(of)
    client = as_(app, of.man.therapist)
    path = f"{there(of)}/signed/{version.ref}"
    monkeypatch.setattr(queries, "content_hash", lambda _letter: "another")
    assert client.get(path).status_code == 409 and client.get(f"{path}.pdf").status_code == 409
