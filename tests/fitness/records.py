"""One man at six distances and one more, with everything that can hang on him."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from mhtr.accounts.models import BreakGlass, Organisation, Staff
from mhtr.cases import hearings
from mhtr.cases import service as cases
from mhtr.cases.models import Case, Restriction
from mhtr.core import clock
from mhtr.core.access import Exclusion, Role
from mhtr.core.database import db
from mhtr.intake.models import (
    ImportRun,
    OnwardEvent,
    OnwardReferral,
    Referral,
    ReferralAmendment,
    TriageDecision,
)
from mhtr.intake.onward_rules import OnwardState
from mhtr.intake.rules import TriageOutcome
from mhtr.people.models import (
    Alias,
    ConsentDecision,
    ConsentEvent,
    ConsentItem,
    Flag,
    FlagKind,
    Identifier,
    IdentifierKind,
    Permission,
    Person,
    PersonChange,
    Told,
)
from mhtr.suitability.asked import Asked, Custody, Plea, RiskOfHarm, to_json
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.models import CourtOutcome, TakeOverQuestion, UrgentHandover
from mhtr.suitability.outcome_rules import Side
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from tests.fitness.measured import measured, past_file
from tests.fitness.ordered import ordered
from tests.fitness.papered import papered
from tests.fitness.planting import canary
from tests.fitness.treated import treated
from tests.suitability import journey

COURT = "B01KR"
HEARING = date(2026, 12, 11)
THEIRS = Asked(
    plea=Plea.GUILTY,
    court_code=COURT,
    hearing_on=HEARING,
    custody=Custody.BAIL,
    risk_of_harm=RiskOfHarm.MEDIUM,
    psr_type=PsrType.SHORT,
    exclusions="Not the square",
)
"""As another team asks for his report."""


class Distance(StrEnum):
    """How a record stands to everybody who looks."""

    OWN = "own"
    """Every role has a grant by name for each of its purposes."""
    COLLEAGUE = "colleague"
    """Granted by name to colleagues of the same organisations."""
    ELSEWHERE = "elsewhere"
    """Granted to other organisations."""
    RESTRICTED = "restricted"
    """Granted to their organisations, and closed to all but those named."""
    EXCLUDED = "excluded"
    """Granted by name, and everybody who looks is excluded."""
    ENDED = "ended"
    """Granted by name until yesterday."""
    SENT = "sent"
    """Referred by probation, granted by name to probation as the referrer and for no more."""


NHS = dict(
    zip(
        Distance,
        (
            "9990000018",
            "9990000026",
            "9990000034",
            "9990000042",
            "9990000050",
            "9990000069",
            "9990000077",
        ),
        strict=True,
    )
)


@dataclass
class MadeRecord:
    """One man with everything that can hang on him, and the address of each thing."""

    case_id: int
    refs: dict[str, Any] = field(default_factory=dict)
    plain: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What stands in plain columns, by class: each in the ways a page may write it."""


def about_the_man(
    made: MadeRecord, at: Distance, staff: dict[Role, Staff], people: journey.People
) -> None:
    """Fill in his record, and note what stands in plain columns."""
    number = list(Distance).index(at)
    case = db.session.get_one(Case, made.case_id)
    person = db.session.get_one(Person, case.person_id)
    by = people.assessor.id
    person.known_as = f"Zq{at}known"
    person.address, person.postcode = f"{number} Zq{at}street", f"SE{number + 1} 9ZZ"
    person.email, person.phone = f"zq{at}@example.org", f"+4477009008{number}0"
    person.safe_to_text = person.safe_to_voicemail = person.safe_to_write = Permission.YES
    person.gp_name = f"Zq{at}surgery"
    for column in ("contact_phrase", "contact_note", "needs_note"):
        setattr(person, column, f"Said {canary(at, f'people.{column}')}")
    nhs, crn = NHS[at], f"X77700{number}"
    db.session.add_all(
        [
            Identifier(person_id=person.id, kind=IdentifierKind.NHS, value=nhs),
            Identifier(person_id=person.id, kind=IdentifierKind.CRN, value=crn),
            Alias(person_id=person.id, given_name=f"Zq{at}alias", family_name="Known"),
            PersonChange(
                person_id=person.id,
                by_id=by,
                section="names",
                reason="Said",
                before={"given_name": "Wrong name"},
            ),
            Told(
                person_id=person.id,
                wording_version="1",
                how="telephone",
                at=clock.now(),
                recorded_by=by,
            ),
        ]
    )
    for item in ConsentItem:
        db.session.add(
            ConsentEvent(
                person_id=person.id,
                item=item,
                decision=ConsentDecision.GIVEN,
                wording_version="1",
                how="telephone",
                scope=f"zq{at}scopeqz",
                at=clock.now(),
                recorded_by=by,
                recorded_at=clock.now(),
            )
        )
    flags = [
        Flag(
            person_id=person.id,
            kind=kind,
            fact=f"Zq{at}fact{kind}",
            owner_staff_id=by,
            review_on=date(2027, 1, 5),
            made_by=by,
        )
        for kind in FlagKind
    ]
    db.session.add_all(flags)
    db.session.flush()
    made.refs["flag_ref"] = flags[0].ref
    phone = person.phone
    made.plain = {
        "name": (f"Zq{at}given", f"Zq{at}family"),
        "another man": (f"Zq{at}other", f"Zq{at}double", f"Zq{at}third", f"Zq{at}maybe"),
        "known as": (f"Zq{at}known", f"Zq{at}alias"),
        "nhs": (nhs, f"{nhs[:3]} {nhs[3:6]} {nhs[6:]}"),
        "crn": (crn,),
        "address": (f"Zq{at}street", person.postcode),
        "phone": (phone, f"0{phone[3:7]} {phone[7:]}", f"0{phone[3:]}"),
        "email": (person.email,),
        "gp": (person.gp_name,),
        "consent scope": (f"zq{at}scopeqz",),
        "flag fact": tuple(flag.fact for flag in flags),
    }


def about_the_case(
    made: MadeRecord, at: Distance, staff: dict[Role, Staff], trust: Organisation
) -> None:
    """Hang a row of every kind on his case."""
    case = cases.lock(made.case_id)
    by = case.assessor_id or 0
    referral = db.session.scalars(select(Referral).where(Referral.case_id == case.id)).one()
    onward = OnwardReferral(
        case_id=case.id,
        service_code="other",
        service_name="Debt advice",
        made_by=by,
        owner_principal_id=staff[Role.LINK_WORKER].principal_id,
        worker_id=staff[Role.LINK_WORKER].id,
        state=OnwardState.SENT,
        agreed=True,
    )
    use = BreakGlass(
        staff_id=staff[Role.DUTY_CLINICIAN].id,
        case_id=case.id,
        reason="Said",
        until=clock.now() + timedelta(hours=1),
        ended_at=clock.now(),
    )
    refused = {"line": 2, "column": "born", "reason": "Not a date"}
    # A file belongs to the organisation that sent it, so a colleague's is his too.
    importer = referral.organisation_id if at is Distance.OWN else trust.id
    run = ImportRun(
        by_id=by,
        organisation_id=importer,
        file_name="week.csv",
        content_hash="0" * 64,
        content="Said",
        result={"line": 2, "taken": 0, "known": 0, "turned_away": 0, "refused": [refused]},
    )
    db.session.add_all(
        [
            onward,
            use,
            run,
            TriageDecision(case_id=case.id, outcome=TriageOutcome.ASK_REFERRER, by_id=by),
            ReferralAmendment(
                referral_id=referral.id, by_id=by, reason="Said", before={"notes": "Said before"}
            ),
            CourtOutcome(
                case_id=case.id, proposed=True, recorded_by=by, note_side=Side.CLINICAL.value
            ),
            Restriction(case_id=case.id, reason="Said", made_by=by),
            UrgentHandover(
                case_id=case.id,
                received_by="Said",
                received_at=clock.now(),
                said="Said",
                by_id=by,
                in_emergency=False,
            ),
            TakeOverQuestion(
                case_id=case.id,
                asker_id=by,
                details={"asked": to_json(THEIRS), "man": None, "safe": True, "name": "Said so"},
                reason="Said",
            ),
        ]
    )
    hearings.record_hearing(case, court_code=COURT, on=HEARING, by=by)
    db.session.flush()
    away = db.session.get_one(Staff, by)
    exclusion = Exclusion(
        case_id=case.id,
        principal_id=away.principal_id,
        because="Said",
        starts_at=clock.now(),
    )
    db.session.add_all(
        [
            exclusion,
            OnwardEvent(onward_id=onward.id, state=OnwardState.SENT, by_id=by),
        ]
    )
    occasion_id, measured_refs = measured(case.id, by)
    sender = staff[Role.CLINICAL_LEAD].id if at is Distance.OWN else by
    made.refs["file_ref"] = past_file(sender)
    task = tasks.open_task(
        TaskKind.RISK_REVIEW,
        key=f"risk:occasion:{occasion_id}:item:9",
        title="An answer about risk",
        owner_principal_id=trust.principal_id,
        owner_staff_id=None,
        due_at=clock.now(),
        by=by,
        case_id=case.id,
    )
    db.session.flush()
    made.refs |= {
        "case_ref": case.ref,
        "task_ref": task.ref,
        "onward_ref": onward.ref,
        "use_ref": use.ref,
        "run_ref": run.ref,
        "exclusion_ref": exclusion.ref,
        **measured_refs,
        **ordered(case.id, by),
        **treated(case.id, by),
        **papered(case.id, by),
    }
