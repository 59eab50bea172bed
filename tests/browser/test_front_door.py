"""The front door in a real browser: the demonstration's page, and Today of every role."""

import pytest

from mhtr.core.access import Role
from tests.browser.person import Person
from tests.makers import make_staff


@pytest.mark.parametrize("role", list(Role))
def test_each_role_arrives_on_a_fit_page(person: Person, role: Role) -> None:
    make_staff(role)
    person.goes_to("/demo/").finds_the_page_fit()
    person.signs_in_as(role.value).sees("Today").finds_the_page_fit()
