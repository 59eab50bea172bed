"""Unfinished referrals on Today carry the name their author typed."""

from tests.intake import journey
from tests.intake.house import House
from tests.pages import PageClient


def test_a_draft_says_whose_it_is(client: PageClient) -> None:
    house = House()
    client.sign_in(house.practitioner)
    begun = journey.begin(client)
    assert "Unfinished referral of" in client.page("/today")
    journey.save(client, begun, "person", given_name="Ayo", family_name="Balogun")
    page = client.page("/today")
    assert "Ayo Balogun" in page and "Unfinished referral of" not in page
    client.sign_in(house.lead)
    assert "Ayo Balogun" not in client.page("/today")
