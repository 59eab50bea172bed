"""A file of referrals is looked at, taken once, and its result read."""

import io

from sqlalchemy import func, select

from mhtr.accounts.models import OrganisationKind
from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.intake.models import ImportRun
from tests.intake.referral_files import GOOD, KEY, practitioner, upload
from tests.makers import make_organisation, make_staff
from tests.pages import PageClient


def cases() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


def test_a_file_is_looked_at_taken_and_its_result_read(client: PageClient) -> None:
    client.sign_in(practitioner())
    client.page("/referrals/import")
    path = upload(client, GOOD, GOOD.replace("LD-1", "LD-2").replace("safe", "x"))
    assert cases() == 0
    preview = client.page(path)
    assert "1 will be taken" in preview
    assert "Line 3" in preview
    assert client.post(path, data={"submission_key": KEY}).status_code == 303
    result = client.page(path)
    assert "Line 3" in result
    assert cases() == 1
    listed = client.get(f"{path}/refused.csv").get_data(as_text=True)
    assert "3,safety," in listed
    assert db.session.scalars(select(ImportRun.content)).one() is None
    assert "1 taken, 1 refused" in client.page("/referrals/import")


def test_every_reason_of_a_file_without_a_good_row_can_be_read(client: PageClient) -> None:
    client.sign_in(practitioner())
    wrong = GOOD.replace("safe", "x").replace("B01IX", "B99ZZ").replace("1991-04-02", "2031-01-01")
    path = upload(client, *(wrong.replace("LD-1", f"LD-{n}") for n in range(200)))
    preview = client.page(path)
    assert "The first 100 of 600 reasons are shown" in preview
    assert f'href="{path}/refused.csv"' in preview
    listed = client.get(f"{path}/refused.csv").get_data(as_text=True).splitlines()
    assert len(listed) == 1 + 600
    assert {line.partition(",")[0] for line in listed[1:]} == {str(n) for n in range(2, 202)}
    assert client.post(f"{path}/throw-away").status_code == 303
    assert client.get(f"{path}/refused.csv").status_code == 404


def test_the_same_file_again_changes_nothing(client: PageClient) -> None:
    client.sign_in(practitioner())
    no_reference = GOOD.replace("LD-1", "").replace("Kwame", "Kofi")
    for turn in (1, 2):
        path = upload(client, GOOD, no_reference, key=KEY.replace("0b51", f"0b5{turn}"))
        client.page(path)
        client.post(path, data={"submission_key": KEY})
    assert cases() == 2
    assert "0 taken, 0 refused" in client.page("/referrals/import")


def test_a_file_can_be_thrown_away_and_a_wrong_file_is_refused(client: PageClient) -> None:
    client.sign_in(practitioner())
    path = upload(client, GOOD)
    assert client.post(f"{path}/throw-away").status_code == 303
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 303
    assert cases() == 0
    wrong = client.post(
        "/referrals/import",
        data={"submission_key": KEY, "file": (io.BytesIO(b"x"), "picture.png")},
    )
    assert wrong.status_code == 422
    assert "must be a CSV or TXT or TSV file" in wrong.get_data(as_text=True)


def test_another_organisations_file_is_not_there(client: PageClient) -> None:
    client.sign_in(practitioner())
    path = upload(client, GOOD)
    other = make_staff(
        Role.LD_PRACTITIONER, organisation=make_organisation(OrganisationKind.LD_TEAM)
    )
    client.sign_in(other)
    for address in (path, f"{path}/refused.csv"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Kwame" not in answer.get_data(as_text=True)
    assert client.post(path).status_code == 404
