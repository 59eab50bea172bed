"""A man who is not safe is not passed over because his referral was refused for another reason."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import import_service
from mhtr.intake.csv_rows import FileReading, read_file
from mhtr.intake.import_progress import Progress
from mhtr.intake.models import ImportRun
from mhtr.intake.said_of_safety import (
    ALL_UNREAD,
    MAY_HARM_HIMSELF,
    NO_COLUMN,
    NOT_SAFE,
    UNREAD,
    URGENT,
    danger_in,
    danger_of,
)
from tests.intake.api_system import REFERRAL, System, system, team  # noqa: F401 (fixtures)
from tests.intake.referral_files import practitioner
from tests.intake.samples import lists
from tests.pages import PageClient

UNSAFE = {**REFERRAL, "safety": "not_known"}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"safety": "not_known"}', NOT_SAFE),
        (b'{"safety": "healthcare_told"}', NOT_SAFE),
        (b'{"safety": " Not safe "}', NOT_SAFE),
        (b'{"safety": "safe"}', ""),
        (b'{"safety": "safe", "safety": "not_known"}', NOT_SAFE),
        (b'{"safety": "safe", "urgency": "urgent"}', URGENT),
        (b'{"vulnerabilities": "self-harm", "risk": "high"}', MAY_HARM_HIMSELF),
        (b'{"vulnerabilities": ["anxiety", "SUICIDE-RISK"], "risk": "High "}', MAY_HARM_HIMSELF),
        (b'{"vulnerabilities": "anxiety;self-harm", "urgency": "urgent"}', MAY_HARM_HIMSELF),
        (b'{"vulnerabilities": "self-harm", "urgency": "Today", "risk": "low"}', MAY_HARM_HIMSELF),
        (b'{"safety": "safe", "urgency": "at once"}', URGENT),
        (b'{"vulnerabilities": "self-harm", "urgency": "Soon"}', ""),
        (b'{"vulnerabilities": "Thoughts of suicide", "risk": "very high"}', MAY_HARM_HIMSELF),
        (b'{"vulnerabilities": "self-harm", "risk": "high", "safety": "no"}', NOT_SAFE),
        (b'{"vulnerabilities": "self-harm", "risk": "medium"}', ""),
        (b'{"vulnerabilities": "self-harm"}', ""),
        (b'{"vulnerabilities": "anxiety", "risk": "high"}', ""),
        (b'{"vulnerabilities": "anxiety;self-harm", "risk": "high"', MAY_HARM_HIMSELF),
        (b'{"vulnerabilities": ["anxiety", "self-harm"], "risk": "high"', MAY_HARM_HIMSELF),
        (b"vulnerabilities=anxiety%3Bself-harm&risk=high", MAY_HARM_HIMSELF),
        (b"risk=high&vulnerabilities=anxiety&notes=self-harm", ""),
        (b'{"safety": null}', ""),
        (b'{"safety": false}', NOT_SAFE),
        (b'{"safety": true}', NOT_SAFE),
        (b'{"safety": 0}', NOT_SAFE),
        (b'{"safety": {"now": "safe"}}', NOT_SAFE),
        (b'{"man": {"safety": false}}', NOT_SAFE),
        (b'{"Safety": "not_known"}', NOT_SAFE),
        (b'{" SAFETY ": "no"}', NOT_SAFE),
        (b'{"Safety": "SAFE"}', ""),
        (b'{"Urgency": "URGENT"}', URGENT),
        (b'{"safety": false', NOT_SAFE),
        (b'{"safety": "not_known"', NOT_SAFE),
        (b'{"safety": "safe"', ""),
        (b"safety=not_known&given_name=Sven", NOT_SAFE),
        ('{"safety": "not_known"}'.encode("utf-16"), NOT_SAFE),
        (b'[{"safety": "not_known"}]', NOT_SAFE),
        (b'{"notes": "\\"safety\\": \\"not_known\\""}', ""),
        (b"\xff\xfe\x00", ""),
        (b"[" * 100_000, ""),
        (b"", ""),
    ],
)
def test_whatever_is_wrong_with_a_body_what_it_says_is_read(body: bytes, words: str) -> None:
    assert danger_in(body) == words


def test_a_cell_that_nobody_understands_is_not_safe() -> None:
    assert danger_of({"safety": "no"}) == NOT_SAFE
    assert danger_of({"safety": ""}) == danger_of({}) == ""


def test_each_refusal_of_the_api_says_it(system: System) -> None:  # noqa: F811
    bad = {**UNSAFE, "born": "1988-02-30"}
    refusals: list[Any] = [
        system.send(bad),
        system.send(UNSAFE, key="short"),
        system.send({**UNSAFE, "offence": "x"}),
        system.send({**UNSAFE, "notes": "x" * 70_000}),
        system.send(UNSAFE, Authorization="Bearer none"),
        system.app.test_client().post(
            "/api/v1/referrals",
            data="safety=not_known",
            headers={"Authorization": f"Bearer {system.token}", "Idempotency-Key": "key-00000009"},
        ),
    ]
    assert [answer.status_code for answer in refusals] == [422, 400, 422, 413, 401, 415]
    for answer in refusals:
        assert answer.mimetype == "application/problem+json"
        assert answer.json["safety_not_taken"] is True
        assert NOT_SAFE in answer.json["detail"]
    system.send(REFERRAL)
    used = system.send(UNSAFE)
    assert (used.status_code, used.json["safety_not_taken"]) == (409, True)
    for odd in ({**REFERRAL, "safety": False}, {**REFERRAL, "Safety": "not_known"}):
        assert system.send(odd, key="key-00000007").json["safety_not_taken"] is True
    harm = {**REFERRAL, "vulnerabilities": "self-harm", "risk": "high", "born": "1988-02-30"}
    told = system.send(harm, key="key-00000004")
    assert told.json["safety_not_taken"] is True and MAY_HARM_HIMSELF in told.json["detail"]
    calm = system.send({**REFERRAL, "born": "1988-02-30"}, key="key-00000003")
    assert calm.status_code == 422 and not calm.json.get("safety_not_taken")


HEAD = "external_reference,safety,given_name,family_name,born,source,place,willing,urgency"


def rows() -> bytes:
    cells = [
        ("A", "not_known", "1990-02-31", ""),
        ("B", "not_known", "1990-02-21", ""),
        ("C", "safe", "1990-02-31", "urgent"),
        ("D", "safe", "1990-02-31", ""),
    ]
    lines = [f"{n},{safe},Sven,Falk,{born},ld,B01IX,not_asked,{u}" for n, safe, born, u in cells]
    return "\r\n".join([HEAD, *lines, ""]).encode()


def read(content: bytes) -> FileReading:
    return read_file(content, date(2026, 11, 20), lists())


def test_refused_rows_keep_what_they_said() -> None:
    reading = read(rows())
    assert [(one.line, one.words) for one in reading.dangers] == [(2, NOT_SAFE), (4, URGENT)]
    torn = read(rows() + b"one,cell,too,few\r\n")
    assert (torn.dangers[-1].line, torn.dangers[-1].words) == (6, UNREAD)


def test_a_refused_row_that_speaks_of_self_harm_keeps_it_too() -> None:
    head = f"{HEAD},vulnerabilities,risk"
    said = "A,safe,Sven,Falk,1990-02-31,ld,B01IX,not_asked,,anxiety;suicide-risk,high"
    for content in (f"{head}\r\n{said}\r\n", f"{head},odd\r\n{said},x\r\n"):
        (danger,) = read(content.encode()).dangers
        assert (danger.line, danger.words) == (2, MAY_HARM_HIMSELF)


def test_a_file_refused_as_a_whole_says_what_its_rows_said() -> None:
    without = rows().replace(b"family_name", b"surname")
    reading = read(without + b"one,cell,too,few\r\n")
    assert reading.faults and not reading.good
    told = [(2, NOT_SAFE), (3, NOT_SAFE), (4, URGENT), (6, UNREAD)]
    assert [(one.line, one.words) for one in reading.dangers] == told
    twice = read(rows().replace(b"given_name", b"safety"))
    assert [one.line for one in twice.dangers] == [2, 3, 4, 5], "a name is not “safe”"
    long = read(HEAD.encode() + b"\r\n" + b"\r\n".join(rows().splitlines()[1:2] * 501))
    assert long.faults and len(long.dangers) == 501
    nameless = read(rows().replace(b"safety", b"safe"))
    assert [(one.line, one.words) for one in nameless.dangers] == [(1, NO_COLUMN)]
    odd = read(rows().decode().encode("utf-16-le"))
    assert [(one.line, one.words) for one in odd.dangers] == [(1, ALL_UNREAD)]
    assert read(b"").dangers == read(HEAD.encode()).dangers == ()


def test_stopped_before_they_were_taken_they_are_told_too() -> None:
    reading = read(rows())
    result = Progress().result(reading)
    assert [one["line"] for one in result["dangers"]] == [2, 3, 4]
    (good,) = reading.good
    after = Progress.read(Progress().past(good, reading, new=True).kept()).result(reading)
    assert [one["line"] for one in after["dangers"]] == [2, 4]
    assert after["urgent"] == 1


def test_upload_preview_and_result_say_it_first(
    client: PageClient,
) -> None:
    staff = practitioner()
    client.sign_in(staff)
    assert "A file is no emergency route" in client.page("/referrals/import")
    with writing():
        run = import_service.keep_file(
            file_name="a.csv",
            text=rows().decode(),
            organisation_id=staff.organisation_id,
            by=staff.id,
        )
        ref = run.ref
    address = f"/referrals/import/{ref}"
    for _ in range(2):
        page = client.page(address)
        assert "A file is no emergency route" in page
        first, _, rest = page.partition("Tell custody healthcare now: not taken")
        assert "Line 2: " in rest and "Line 4: " in rest
        assert "Refused rows</h2>" not in first
        client.post(address)
    kept = db.session.scalars(select(ImportRun)).one()
    assert kept.result is not None and kept.result["urgent"] == 1


def test_the_preview_names_the_urgent_lines_that_will_be_taken(client: PageClient) -> None:
    staff = practitioner()
    client.sign_in(staff)
    pages = []
    for _ in range(2):
        with writing():
            run = import_service.keep_file(
                file_name="a.csv",
                text=rows().decode(),
                organisation_id=staff.organisation_id,
                by=staff.id,
            )
            address = f"/referrals/import/{run.ref}"
        pages.append(client.page(address))
        client.post(address)
    assert "1 of the new referrals: line 3" in pages[0]
    assert "None of the new referrals" in pages[1]


def test_a_file_refused_as_a_whole_says_it_first(client: PageClient) -> None:
    staff = practitioner()
    client.sign_in(staff)
    with writing():
        run = import_service.keep_file(
            file_name="a.csv",
            text=rows().decode().replace("family_name", "surname"),
            organisation_id=staff.organisation_id,
            by=staff.id,
        )
        ref = run.ref
    first, _, rest = client.page(f"/referrals/import/{ref}").partition("not taken")
    assert "Line 2: " in rest and "Nothing in this file can be taken" not in first
