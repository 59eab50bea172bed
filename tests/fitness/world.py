"""One member of staff of every role, and the same record six times over at six distances."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from mhtr.accounts.models import Organisation, OrganisationKind, RoleRequest, Staff, Team
from mhtr.cases import service as cases
from mhtr.cases.answering import DIFFERENT
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case, IdentityAnswer, IdentityProposal, PersonLink
from mhtr.compliance import reading_service
from mhtr.compliance.reading_rules import Proposed
from mhtr.core import access, clock
from mhtr.core.access import Exclusion, Grant, Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import drafts
from mhtr.intake import service as intake
from mhtr.intake.models import CourtCoverage
from mhtr.intake.steps import FormStep
from mhtr.orders.cover_models import OfficerCover
from mhtr.people import merging
from mhtr.people.models import Flag, FlagQuestion, IdentityQuestion
from mhtr.probation.reports import schedule_service
from mhtr.probation.reports.release_kinds import To
from mhtr.probation.reports.schedule_rules import Every
from mhtr.probation.reports.schedule_service import Wanted
from mhtr.suitability import request_service
from mhtr.suitability.asked import Asked, Custody, Plea, RiskOfHarm
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.release_content import prepare
from mhtr.suitability.report_content import HisAnswer
from mhtr.wall import agreement_service
from mhtr.wall.agreement_rules import Proposed as Agreed
from tests.fitness.coursed import pathway
from tests.fitness.planting import Planter, canary
from tests.fitness.records import (
    COURT,
    HEARING,
    Distance,
    MadeRecord,
    about_the_case,
    about_the_man,
)
from tests.fitness.scheduled import scheduled
from tests.intake.samples import submission
from tests.makers import HOME, make_organisation, make_person, make_staff, make_team
from tests.suitability import journey

REFERRERS = (
    Role.LD_PRACTITIONER,
    Role.ADMINISTRATOR,
    Role.COURT_PROBATION,
    Role.PROBATION,
    Role.SENIOR_PROBATION,
)


class World:
    """The programme that the matrix walks through."""

    def __init__(self, distances: tuple[Distance, ...] = tuple(Distance)) -> None:
        self.trust = make_organisation(name="North Trust")
        self.other_trust = make_organisation(name="Other Trust")
        self.unit = make_organisation(OrganisationKind.COURT_TEAM)
        self.team: Team = make_team(self.unit)
        with writing():
            db.session.add(
                CourtCoverage(
                    court_code=COURT,
                    live_from=date(2026, 1, 1),
                    trust_id=self.trust.id,
                    court_team_id=self.team.id,
                )
            )
        homes = {kind: make_organisation(kind) for kind in set(HOME.values())}
        homes[OrganisationKind.COURT_TEAM] = self.unit
        self.staff: dict[Role, Staff] = {}
        self.colleagues: dict[Role, Staff] = {}
        for role in Role:
            at = homes.get(HOME.get(role, OrganisationKind.TREATING_TRUST), self.trust)
            self.staff[role] = self._member(role, at)
            self.colleagues[role] = self._member(role, at)
        self.planter = Planter()
        self.records = {distance: self._record(distance) for distance in distances}
        self.drafts = {role: self._draft(self.staff[role]) for role in REFERRERS}
        # Plain values: what the session holds is forgotten between two requests.
        self.staff_refs = {role: str(one.ref) for role, one in self.colleagues.items()}
        self.trust_ref, self.team_ref = str(self.trust.ref), str(self.team.ref)
        self.pathway_ref = pathway(self.trust.id, self.staff[Role.CLINICAL_LEAD].id)
        self.cover_ref = self._covered()
        self.schedule_ref = self._by_time()
        self.role_ref = self._asked_for(self.colleagues[Role.ADMINISTRATOR])
        self.reading_ref = self._proposed()
        self.agreed_ref = self._agreed()
        self.elsewhere = (str(self.other_trust.ref), str(self.other_trust.id))
        self.scheduled = scheduled(self.trust, self.staff)
        self.others_draft = self._draft(self.colleagues[Role.LD_PRACTITIONER])

    def _member(self, role: Role, at: Organisation) -> Staff:
        hcpc = "PYL000456" if role is Role.CLINICAL_LEAD else None
        if at is self.unit:
            return make_staff(role, team=self.team)
        return make_staff(role, organisation=at, hcpc=hcpc)

    def _covered(self) -> str:
        """An officer for whom a colleague covers."""
        officer, colleague = self.staff[Role.PROBATION], self.colleagues[Role.PROBATION]
        with writing():
            made = OfficerCover(
                officer_id=officer.id,
                cover_id=colleague.id,
                first_day=clock.today(),
                last_day=clock.today(),
                by_id=officer.id,
            )
            db.session.add(made)
        return str(made.ref)

    def _by_time(self) -> str:
        """A compliance report by time of an officer."""
        by = self.staff[Role.PROBATION].id
        wanted = Wanted(None, Every.WEEK, 0, "pdf", To.MYSELF)
        with writing():
            made = schedule_service.set_up(wanted=wanted, by=by)
        return str(made.ref)

    def _asked_for(self, holder: Staff) -> str:
        """A role that waits for a second person."""
        manager = self.colleagues[Role.SERVICE_MANAGER]
        with writing():
            made = RoleRequest(staff_id=holder.id, role=Role.ASSESSOR, given_by=manager.id)
            db.session.add(made)
        return str(made.ref)

    def _proposed(self) -> str:
        """Another reading of the law that waits for a second person."""
        with writing():
            made = reading_service.propose(
                said=Proposed("tested_when", "failure", clock.today(), "why", "who advised"),
                by=self.colleagues[Role.SENIOR_PROBATION].id,
            )
        return str(made.ref)

    def _agreed(self) -> str:
        """Another content of compliance reports that waits for the other side."""
        with writing():
            made = agreement_service.propose(
                trust_id=self.trust.id,
                said=Agreed("next_session", False, clock.today(), "why", "a clause"),
                by=self.colleagues[Role.SENIOR_PROBATION].id,
            )
        return str(made.ref)

    def _draft(self, author: Staff) -> str:
        word = f"zqdraft{author.id}qz"
        answers = {"given_name": word, "family_name": word, "born": "1990-02-03"}
        with writing():
            draft = drafts.begin(FormStep.SAFETY, {"safety": "safe"}, by=author.id)
            drafts.save_step(draft.ref, FormStep.PERSON, answers, version=0, by=author.id)
            ref = str(draft.ref)
        return ref

    def _record(self, at: Distance) -> MadeRecord:
        with self.planter.making(at):
            made = MadeRecord(self._referred(at))
            people = self._people(made.case_id)
            made.refs["release_ref"] = self._reported(people)
            with writing():
                about_the_man(made, at, self.staff, people)
                about_the_case(made, at, self.staff, self.trust)
            self._merged(made, at)
        self._grants(made.case_id, at)
        return made

    def _referred(self, at: Distance) -> int:
        sent_by = Role.COURT_PROBATION if at is Distance.SENT else Role.LD_PRACTITIONER
        practitioner = self.colleagues[sent_by]
        said = submission(
            given_name=f"Zq{at}given",
            family_name=f"Zq{at}family",
            court=COURT,
            hearing_on=HEARING.isoformat(),
            notes=f"Said {canary(at, 'referrals.answers')}",
        )
        with writing():
            case = intake.submit_referral(
                submission=said,
                channel="form",
                referrer_id=practitioner.id,
                organisation_id=practitioner.organisation_id,
                by=practitioner.id,
            )
            case_id = case.id
        return case_id

    def _people(self, case_id: int) -> journey.People:
        case = db.session.get_one(Case, case_id)
        people = journey.People(
            case,
            self.colleagues[Role.ASSESSOR],
            self.colleagues[Role.CLINICAL_LEAD],
            self.staff[Role.CLINICAL_LEAD],
            self.colleagues[Role.COURT_PROBATION],
            self.team,
        )
        with writing():
            locked = cases.lock(case_id)
            for kind in (FactKind.ACCEPTED, FactKind.ALLOCATED):
                cases.add_fact(locked, kind, by=people.assessor.id)
            locked.assessor_id = people.assessor.id
        return people

    def _grants(self, case_id: int, at: Distance) -> None:
        moment = clock.now()
        with writing():
            db.session.execute(delete(Grant).where(Grant.case_id == case_id))
            for role in Role:
                member, colleague = self.staff[role], self.colleagues[role]
                to = {
                    Distance.COLLEAGUE: colleague.principal_id,
                    Distance.ELSEWHERE: self.other_trust.principal_id,
                    Distance.RESTRICTED: member.organisation.principal_id,
                }.get(at, member.principal_id)
                until = moment - timedelta(days=1) if at is Distance.ENDED else None
                for purpose in access.purposes_of([role]):
                    # Only what probation referred is ever given to it as the referrer.
                    if (purpose is Purpose.PROBATION_REFERRAL) != (at is Distance.SENT):
                        continue
                    _grant(case_id, purpose, to, until)
                if at is Distance.EXCLUDED:
                    db.session.add(
                        Exclusion(
                            case_id=case_id,
                            principal_id=member.principal_id,
                            because="Family",
                            starts_at=moment,
                        )
                    )
            cases.lock(case_id).restricted = at is Distance.RESTRICTED

    def _merged(self, made: MadeRecord, at: Distance) -> None:
        case = db.session.get_one(Case, made.case_id)
        other = make_person(f"Zq{at}other", f"Zq{at}double")
        third = make_person(f"Zq{at}third", f"Zq{at}maybe")
        kept_id, other_id, third_id = case.person_id, other.id, third.id
        lead = self.colleagues[Role.CLINICAL_LEAD].id
        with writing():
            merge = merging.merge(
                kept_id=kept_id,
                absorbed_id=other_id,
                right={},
                chosen={},
                moved_above={"cases": []},
                reason="Said the same",
                by=lead,
            )
            asked = IdentityQuestion(
                person_id=kept_id,
                other_id=third_id,
                verdict="possible",
                reasons=["The names sound alike"],
                raised_by=lead,
            )
            db.session.add(asked)
            db.session.flush()
            link = PersonLink(
                one_id=kept_id,
                two_id=third_id,
                proposed_by=lead,
                confirmed_by=self.staff[Role.CLINICAL_LEAD].id,
                taken={},
            )
            db.session.add(link)
            db.session.flush()
            made.refs["merge_ref"], made.refs["question_ref"] = merge.ref, asked.ref
            db.session.add(
                IdentityProposal(
                    link_id=link.id, side_id=third_id, reason="Two men", proposed_by=lead
                )
            )
            made.refs["link_ref"] = link.ref
            self._answered(made, kept_id, third_id, lead)
            named = select(Flag.id).where(Flag.ref == made.refs["flag_ref"])
            man = FlagQuestion(flag_id=db.session.scalars(named).one(), person_id=third_id)
            db.session.add(man)
            db.session.flush()
            made.refs["man_ref"] = man.ref

    def _answered(self, made: Any, kept_id: int, third_id: int, lead: int) -> None:
        """Two men, it was said; taken back once, and said again."""
        question = IdentityQuestion(
            person_id=third_id,
            other_id=kept_id,
            verdict="possible",
            reasons=["The names sound alike"],
            raised_by=lead,
            answer=DIFFERENT,
            answered_at=clock.now(),
            answered_by=lead,
        )
        db.session.add(question)
        db.session.flush()
        before = IdentityAnswer(question_id=question.id, reason="Two men", by_id=lead)
        before.taken_back_at, before.taken_back_by = clock.now(), lead
        before.taken_back_reason = "His mother rang"
        answer = IdentityAnswer(question_id=question.id, reason="Two men", by_id=lead)
        db.session.add_all([before, answer])
        db.session.flush()
        made.refs["answer_ref"] = answer.ref

    def _reported(self, people: journey.People) -> Any:
        """Asked for, assessed, returned once, rewritten, signed, heard and released."""
        with writing():
            request_service.ask(
                case_id=people.case.id,
                asked=Asked(
                    plea=Plea.GUILTY,
                    court_code=COURT,
                    hearing_on=HEARING,
                    custody=Custody.BAIL,
                    risk_of_harm=RiskOfHarm.MEDIUM,
                    psr_type=PsrType.SHORT,
                    staff_safety=True,
                    staff_safety_reason="Shouted at her",
                    no_contact="Not his former partner",
                    exclusions="Not the market",
                ),
                by=people.psr_author.id,
            )
        before = self.planter.word("section_revisions.answers")
        assessment = journey.finished(people, mark=before)
        comment = f"Said {self.planter.word('countersign_decisions.comments')}"
        journey.decided(journey.sent(assessment, people), people.lead.id, comment)
        now = self.planter.word("assessment_sections.answers")
        journey.fill(assessment, people.assessor.id, mark=now)
        journey.finish(assessment, people)
        journey.decided(journey.sent(assessment, people), people.lead.id)
        words = f"Said {self.planter.word('assessments.his_words')}"
        journey.heard(assessment, people, HisAnswer.CORRECTIONS, words)
        prompts = prepare(people.case, assessment, by=people.assessor.id).warnings
        seen = [prompt.key for prompt in prompts]
        return journey.released(assessment, people, looked_at=seen, file=True).ref


def _grant(case_id: int, purpose: Purpose, to: int, until: datetime | None) -> None:
    principal = db.session.get_one(access.Principal, to)
    db.session.add(
        Grant(
            case_id=case_id,
            purpose=purpose,
            principal_id=to,
            by_name=principal.kind is access.PrincipalKind.STAFF,
            because="test",
            starts_at=clock.now() - timedelta(days=2),
            ends_at=until,
        )
    )
