"""The front door in a real browser: every role's button, and where one click leads.

Today of every other role is walked with the rest of its pages in `journeys/test_every_page.py`.
"""

from mhtr.core.access import ROLE_LABELS, Role
from tests.browser.person import Person
from tests.makers import make_staff


def test_one_click_leads_each_role_to_a_fit_page(person: Person) -> None:
    for role in Role:
        make_staff(role)
    person.goes_to("/demo/").sees(*ROLE_LABELS.values()).finds_the_page_fit()
    person.clicks(ROLE_LABELS[Role.LD_PRACTITIONER]).arrives_at("Today")
