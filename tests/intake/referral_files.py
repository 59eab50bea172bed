"""Files of referrals."""

import io

from mhtr.accounts.models import OrganisationKind, Staff
from mhtr.core.access import Role
from tests.makers import make_organisation, make_staff
from tests.pages import PageClient

HEAD = "external_reference,safety,given_name,family_name,born,source,place,willing,agreed_how,notes"
GOOD = "LD-1,safe,Kwame,Mensah,1991-04-02,ld,B01IX,willing,face_to_face,"
KEY = "0b51a5b6-6e2c-4a5e-9d7b-5f6f0e3f7a11"


def practitioner() -> Staff:
    make_organisation()
    return make_staff(
        Role.LD_PRACTITIONER, organisation=make_organisation(OrganisationKind.LD_TEAM)
    )


def upload(client: PageClient, *rows: str, key: str = KEY) -> str:
    content = "\r\n".join([HEAD, *rows]).encode()
    answer = client.post(
        "/referrals/import",
        data={"submission_key": key, "file": (io.BytesIO(content), "week.csv")},
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])
