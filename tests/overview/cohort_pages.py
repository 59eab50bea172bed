"""The outcomes report of a made-up cohort."""

import re
from html import unescape

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core.access import Role
from tests.makers import make_staff
from tests.overview.treated import treated

PAGE = "/measures/report"
BETTER, SAME, WORSE = ((18, 15), (6, 5)), ((18, 15), (17, 15)), ((12, 9), (19, 14))
NOT_PAIRED = ((18, 15), (None, None))


@pytest.fixture
def lead(app: Flask) -> Staff:
    return make_staff(Role.CLINICAL_LEAD)


def a_cohort(by: Staff, better: int = 12, same: int = 7, lost: int = 1) -> list[Case]:
    made = [treated(by, *BETTER, name="Beta") for _ in range(better)]
    made += [treated(by, *SAME, name="Sigma") for _ in range(same)]
    return [*made, *(treated(by, *NOT_PAIRED, name="Lambda") for _ in range(lost))]


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", html)).split())
