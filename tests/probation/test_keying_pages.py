"""The pages of entries for nDelius: the list of what waits, one man's, and one to copy."""

import re
from datetime import timedelta

from flask import Flask

from mhtr.compliance.attendance import Happened as H
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.transaction import writing
from mhtr.probation.keyed_queries import keyed_of
from tests.compliance.test_decisions import AGAINST, decide, under_order
from tests.makers import make_staff
from tests.probation.test_keyed import mark, not_told
from tests.probation.test_people import another
from tests.sessions.seen import Treated, booked, tell, treated
from tests.suitability.browsing import as_, refused, send

LIST = "/my-people/ndelius"


def of_man(man: Treated) -> str:
    return f"/cases/{man.case.ref}/ndelius"


def one(man: Treated, kind: str = "contact") -> str:
    return f"{of_man(man)}/{man.place.ref}/{kind}"


def hrefs(page: str) -> list[str]:
    """The entries of a list, in its order."""
    table = page.partition("<tbody")[2]
    return [
        href.replace("&amp;", "&")
        for href in re.findall(r'href="(/cases/[^"]*ndelius/[^"]*)"', table)
    ]


def test_copied_and_marked_it_waits_no_more(app: Flask) -> None:
    man = under_order()
    client = as_(app, man.world.officer)
    assert hrefs(client.page(LIST)) == [f"{one(man)}?next=1"]
    page = client.page(one(man))
    text = re.search(r"<textarea[^>]*readonly[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert text and "Outcome: AFTA" in text[1] and "Did not come" in text[1]
    assert 'data-copy="entry" hidden' in page and "copy.js" in page
    answer = send(client, one(man), page)
    assert answer.status_code == 303 and answer.location == of_man(man)
    after = client.page(answer.location)
    assert "Marked as keyed in." in after and "Nothing waits to be keyed in." in after
    assert man.world.officer.name in after and "AFTA" in after
    assert not hrefs(client.page(LIST))
    assert "It is keyed in." in client.page(one(man))


def test_from_one_to_the_next_of_the_list(app: Flask) -> None:
    man = under_order()
    older = booked(man.case, man.therapist, clock.now() - timedelta(days=7))
    tell(older, man.therapist, H.SEEN)
    client = as_(app, man.world.officer)
    first, second = hrefs(client.page(LIST))
    assert str(older.ref) in first
    page = client.page(first)
    assert f'href="{second}"' in page  # to leave it for now
    answer = send(client, first, page)
    assert answer.location == second
    last = send(client, second, client.page(second))
    assert last.location == LIST and "Nothing waits" in client.page(LIST)


def test_after_a_decision_he_chooses_the_code_and_none_is_selected(app: Flask) -> None:
    man = under_order()
    mark(man)
    decide(man, AGAINST)
    client = as_(app, man.world.officer)
    page = client.page(one(man, "decision"))
    assert "In nDelius it stands as AFTA" in page and "UAAB: Unacceptable absence<" in page
    assert "UACP: Unacceptable absence (Community Payback) (not confirmed for treatment)<" in page
    assert not re.search(r'value="\w+" selected', page)
    assert "Select the code that you keyed in" in refused(client, one(man, "decision"), page)
    answer = send(client, one(man, "decision"), page, outcome="UACP")
    assert answer.status_code == 303
    assert "UACP Unacceptable absence" in client.page(of_man(man))


def test_after_a_decision_another_code_may_be_typed(app: Flask) -> None:
    man = under_order()
    decide(man, AGAINST)
    client, where = as_(app, man.world.officer), one(man, "decision")
    page = client.page(where)
    for typed in ({"outcome": "another"}, {"outcome": "another", "other": "CO-9"}):
        assert "letters and digits" in refused(client, where, page, **typed)
    both = refused(client, where, page, outcome="UAAB", other="CO99")
    assert "or leave this empty" in both and 'value="CO99"' in both
    assert not keyed_of(man.case.id)
    assert send(client, where, page, outcome="another", other="co99").status_code == 303
    assert keyed_of(man.case.id)[0].row.code == "CO99"


def test_a_page_that_showed_other_words_is_refused_and_shows_those_of_now(app: Flask) -> None:
    man = under_order()
    client = as_(app, man.world.officer)
    page = client.page(one(man))
    not_told(man)
    again = refused(client, one(man), page)
    assert "so nothing was marked" in again and "nobody recorded that he was told" in again
    assert not keyed_of(man.case.id)
    assert send(client, one(man), again).status_code == 303
    assert "nobody recorded" in keyed_of(man.case.id)[0].row.text


def test_what_was_copied_before_stands_beside_what_is_to_be_corrected(app: Flask) -> None:
    man = under_order()
    mark(man)
    not_told(man)
    client = as_(app, man.world.officer)
    page = client.page(one(man))
    then = page.partition("What was copied then")[2].partition("</details>")[0]
    assert "session: he was told" in then and "nobody recorded" in page
    assert send(client, one(man), page).status_code == 303
    assert "because what the entry says had changed" in client.page(of_man(man))


def test_put_right_later_it_stands_there_again(app: Flask) -> None:
    man = under_order()
    client = as_(app, man.world.officer)
    page = client.page(one(man))
    mark(man)
    tell(man.place, man.therapist, H.SEEN, seen=1, why="The wrong man")
    listed = client.page(LIST)
    assert "To correct in nDelius" in listed and "Keyed in before as AFTA" in listed
    assert "correct it in nDelius" in client.page(one(man))
    # A page from before: what it showed was keyed in, and that is on record already.
    assert send(client, one(man), page).status_code == 303
    assert "To correct in nDelius" in client.page(of_man(man))
    assert not hrefs(client.page(f"{LIST}?show=to_key"))
    assert len(hrefs(client.page(f"{LIST}?show=to_correct"))) == 1


def test_put_right_while_it_was_open_it_says_so(app: Flask) -> None:
    man = under_order()
    client = as_(app, man.world.officer)
    page = client.page(one(man))
    tell(man.place, man.therapist, H.SEEN, seen=1, why="The wrong man")
    answer = send(client, one(man), page)
    assert "It was put right or decided anew" in client.page(answer.location)
    assert keyed_of(man.case.id)[0].row.code == "AFTA"


def test_who_comes_second_is_told_of_the_first(app: Flask) -> None:
    man = under_order()
    case_id, senior = man.case.id, man.world.senior.principal_id
    with writing():  # as cover is given
        access.grant(case_id, Purpose.SUPERVISION, senior, because="cover", by=None)
    client = as_(app, man.world.senior)
    page = client.page(one(man))
    mark(man)
    again = refused(client, one(man), page)
    assert f"{man.world.officer.name} marked it as keyed in" in again
    assert len(keyed_of(case_id)) == 1


def test_another_code_is_checked_and_nothing_is_lost(app: Flask) -> None:
    man = under_order()
    client = as_(app, man.world.officer)
    page = client.page(one(man))
    again = refused(client, one(man), page, outcome="AF-TA")
    assert "letters and digits" in again and 'value="AF-TA"' in again
    send(client, one(man), again, outcome="atfi")
    assert keyed_of(man.case.id)[0].row.code == "ATFI"


def test_taken_back_with_a_reason(app: Flask) -> None:
    man = under_order()
    row = mark(man)
    client = as_(app, man.world.officer)
    where = f"{of_man(man)}/keyed/{row.ref}/take-back"
    page = client.page(where)
    assert "Say why it is taken back" in refused(client, where, page)
    answer = send(client, where, page, why="Keyed in for another man")
    after = client.page(answer.location)
    assert "Taken back." in after and "Keyed in for another man" in after
    assert "It is taken back" not in client.page(of_man(man))
    assert "Take it back" not in client.page(where)


def test_a_senior_sees_the_unit_by_officer_and_cover_sees_whom_he_covers(app: Flask) -> None:
    man = under_order()
    officer, senior = man.world.officer, man.world.senior
    client = as_(app, senior)
    assert hrefs(client.page(LIST)) and officer.name in client.page(LIST)
    (own,) = hrefs(client.page(f"{LIST}?whose={officer.ref}"))
    assert f"whose={officer.ref}" in own
    assert not hrefs(client.page(f"{LIST}?whose=nobody"))
    cover = make_staff(Role.PROBATION, organisation=officer.organisation)
    assert not hrefs(as_(app, cover).page(LIST))
    case_id, principal = man.case.id, cover.principal_id
    with writing():
        access.grant(case_id, Purpose.SUPERVISION, principal, because="cover", by=None)
    covering = as_(app, cover)
    assert len(hrefs(covering.page(LIST))) == 1 and officer.name in covering.page(LIST)
    assert send(covering, one(man), covering.page(one(man))).status_code == 303
    assert keyed_of(case_id)[0].by == cover.name


def test_only_his_own_men_are_listed(app: Flask) -> None:
    man = under_order()
    other = another(man)
    assert len(hrefs(as_(app, man.world.officer).page(LIST))) == 1
    place = booked(other.case, man.therapist, clock.now() - timedelta(days=2))
    tell(place, man.therapist, H.SEEN)
    assert len(hrefs(as_(app, man.world.officer).page(LIST))) == 2


def test_nobody_else_opens_any_of_it(app: Flask) -> None:
    man = under_order()
    row = mark(man)
    back = f"{of_man(man)}/keyed/{row.ref}/take-back"
    paths = (of_man(man), one(man), back)
    stranger = as_(app, make_staff(Role.PROBATION, organisation=man.world.officer.organisation))
    assert [stranger.get(path).status_code for path in paths] == [404] * 3
    for staff in (man.therapist, man.world.lead, man.world.office):
        client = as_(app, staff)
        assert [client.get(path).status_code for path in (*paths, LIST)] == [403] * 4


def test_what_is_not_on_record_has_no_page(app: Flask) -> None:
    man = treated()
    client = as_(app, man.world.officer)
    assert client.get(one(man)).status_code == 404
    assert client.get(one(man, "decision")).status_code == 404
    assert "Nothing waits to be keyed in." in client.page(of_man(man))
