"""The service signs the sheet of a review, and records what he says of it."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, Purpose, Viewer
from mhtr.core.errors import Refused, Stale
from mhtr.reviews import building, page, queries, signing
from mhtr.reviews.blueprint import bp
from mhtr.reviews.forms import SignForm
from mhtr.reviews.models import Review
from mhtr.reviews.rules import PARTY_WORDS, Party
from mhtr.reviews.sheet import content_hash, topics
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving

MEANWHILE = "The sheet says something else by now. Nothing is saved: read it again, and answer"


def hash_now(row: Review) -> str:
    """What is signed now; empty where there is nothing to sign."""
    sheet = building.sheet_now(row)
    return content_hash(sheet) if sheet is not None else ""


@bp.route(
    "/cases/<uuid:case_ref>/reviews/<uuid:review_ref>/sign/<any(therapist,him,officer):party>",
    methods=["GET", "POST"],
)
@only(*CLINICAL_ROLES)
def sign(case_ref: uuid.UUID, review_ref: uuid.UUID, party: str) -> Page | Response:
    """Read the sheet and sign it, or record what he said of it."""
    viewer, whose = current_viewer(), Party(party)
    _, row = _find(viewer, case_ref, review_ref)
    review_id, form = row.id, SignForm(content_hash=hash_now(row))
    form.ask(whose, himself=whose is Party.THERAPIST)
    if form.validate_on_submit():
        try:
            with saving() as saved:
                signing.sign(
                    review_id=review_id,
                    party=whose,
                    signs=form.said_signs,
                    way=form.said_way,
                    content=form.content_hash.data,
                    by=viewer.staff_id,
                )
                back = url_for("reviews.review", case_ref=case_ref, review_ref=review_ref)
                saved.goes_to(f"{back}#sheet", "Recorded.")
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
        except Refused as refused:
            form.refuse_all(refused)
    return _page(viewer, case_ref, review_ref, whose, form)


def _find(viewer: Viewer, case_ref: uuid.UUID, review_ref: uuid.UUID) -> tuple[Case, Review]:
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    row = queries.find_review(case.id, review_ref)
    shows("review", row.id, case_id=case.id)
    return case, row


def _page(
    viewer: Viewer, case_ref: uuid.UUID, review_ref: uuid.UUID, party: Party, form: SignForm
) -> Page:
    case, row = _find(viewer, case_ref, review_ref)
    form.content_hash.carry(hash_now(row))
    against = signing.stands_against(case, row, party, viewer.staff_id)
    if party is Party.OFFICER:
        against = "" if signing.records_for_officer(case) else signing.SIGNS_HERE
    return form_page(
        "reviews/sign.html",
        form=form,
        record=record(viewer, case),
        case=case,
        view=page.for_service(row),
        party=party,
        who=PARTY_WORDS[party],
        topics=topics(),
        against=against,
    )
