"""News on Today: who is told, of whom, and read together."""

import re

from mhtr.accounts.models import Staff
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people.models import Identifier, IdentifierKind
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Notice
from tests.makers import make_staff, make_team
from tests.overview.things import (
    CANARY,
    a_case,
)
from tests.pages import PageClient


def notice(staff: Staff, principal_id: int, text: str = "A man was referred.") -> Notice:
    with writing():
        tasks.tell(principal_id, key=text, text=text)
    return db.session.query(Notice).order_by(Notice.id.desc()).first()  # type: ignore[return-value]


def test_a_notice_is_read_once_by_those_it_is_for(client: PageClient) -> None:
    team = make_team(make_staff(Role.ASSESSOR).organisation)
    member, stranger = make_staff(Role.ASSESSOR, team=team), make_staff(Role.ASSESSOR)
    told = notice(member, team.principal_id)
    path = f"/notices/{told.ref}/read"
    assert client.sign_in(stranger).post(path).status_code == 404
    assert "A man was referred." not in client.page("/today")
    assert "A man was referred." in client.sign_in(member).page("/today")
    assert client.post(path).status_code == 303
    page = client.page("/today")
    assert "A man was referred.</a>" not in page
    assert "Mark as read" not in page.replace("Marked as read", "")


def test_news_without_a_case_is_for_those_who_work_with_cases(client: PageClient) -> None:
    clinician = make_staff(Role.ASSESSOR)
    trust = clinician.organisation
    told = notice(clinician, trust.principal_id, "A case of your trust has moved")
    for bystander in (make_staff(organisation=trust), make_staff(Role.COMMISSIONER)):
        client.sign_in(bystander)
        assert "has moved" not in client.page("/today")
        assert client.post(f"/notices/{told.ref}/read").status_code == 404
    assert "has moved" in client.sign_in(clinician).page("/today")


def test_a_team_is_told_of_a_case_only_where_it_may_see_it(client: PageClient) -> None:
    clinician = make_staff(Role.ASSESSOR)
    officer = make_staff(Role.PRIVACY_OFFICER, organisation=clinician.organisation)
    case, hidden = a_case(clinician), a_case()
    team = clinician.organisation.principal_id
    with writing():
        tasks.tell(team, key="seen", text="Told of his case", case_id=case.id)
        tasks.tell(team, key="hidden", text="Told of another case", case_id=hidden.id)
        tasks.tell(officer.principal_id, key="own", text="Told by name", case_id=hidden.id)
    page = client.sign_in(clinician).page("/today")
    assert "Told of his case" in page
    assert "Told of another case" not in page
    page = client.sign_in(officer).page("/today")
    assert "Told by name" in page
    assert "Told of" not in page


def news(client: PageClient) -> str:
    """The News of Today, in one line."""
    page = client.page("/today")
    found = re.search(r'id="told">News</h2>(.*?)</section>', page, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def test_news_names_each_man_once_and_is_read_together(client: PageClient) -> None:
    reader = make_staff(Role.ASSESSOR)
    cases = [a_case(reader, name=name) for name in ("Tunde", "Kofi")]
    with writing():
        for number, case in enumerate([*cases, cases[0]]):
            tasks.tell(reader.principal_id, key=f"n{number}", text="Moved.", case_id=case.id)
    told = news(client.sign_in(reader))
    assert told.count("Moved.") == 2, "once for all, and once on the button"
    assert told.count("Tunde Okafor") == told.count("Kofi Okafor") == 1
    assert "born" in told and "CRN" not in told
    page = client.page("/today")
    assert f'href="/cases/{cases[1].ref}"' in page
    first = re.search(r'action="(/notices/[^"]+)"', page)
    also = re.findall(r'name="also" value="([^"]+)"', page)
    assert first is not None and len(also) == 2
    assert client.post(first[1], data={"also": [*also, "nonsense"]}).status_code == 404
    assert "Moved." in news(client)
    client.post(first[1], data={"also": also})
    assert news(client) == ""


def test_news_of_probation_says_the_crn(client: PageClient) -> None:
    author = make_staff(Role.COURT_PROBATION)
    case = a_case(author, Purpose.PRE_SENTENCE)
    with writing():
        crn = Identifier(person_id=case.person_id, kind=IdentifierKind.CRN, value="X123456")
        db.session.add(crn)
        tasks.tell(author.principal_id, key="n", text="Released.", case_id=case.id)
    told = news(client.sign_in(author))
    assert "Tunde Okafor CRN X123456" in told and "born" not in told


def test_news_names_nobody_he_may_not_see_and_marks_nobody_else_s_as_read(
    client: PageClient,
) -> None:
    reader, other = make_staff(Role.ASSESSOR), make_staff(Role.ASSESSOR)
    hidden = a_case(name=CANARY)
    with writing():
        tasks.tell(reader.principal_id, key="n", text="Told.", case_id=hidden.id)
        tasks.tell(other.principal_id, key="n", text="Told.", case_id=hidden.id)
    client.sign_in(reader)
    assert "Told." in news(client)
    assert CANARY not in client.page("/today")
    mine, theirs = (
        db.session.query(Notice).filter_by(principal_id=one.principal_id).one().ref
        for one in (reader, other)
    )
    refused = client.post(f"/notices/{mine}/read", data={"also": [str(theirs)]})
    assert refused.status_code == 404
    db.session.rollback()
    assert db.session.query(Notice).filter(Notice.read_at.is_not(None)).all() == []


def test_old_news_is_said_to_follow(client: PageClient) -> None:
    reader = make_staff(Role.ASSESSOR)
    with writing():
        for number in range(6):
            tasks.tell(reader.principal_id, key=f"n{number}", text=f"News {number}.")
    assert "Older news follows" in news(client.sign_in(reader))
