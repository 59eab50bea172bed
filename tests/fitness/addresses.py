"""Every address of the URL map, filled in for a record and a role."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule as UrlRule

from mhtr.core.access import Role
from mhtr.people import sections as people_sections
from mhtr.people.models import ConsentItem
from mhtr.suitability import sections
from mhtr.web.gate import Rule, RuleKind, rule_of
from tests.fitness.records import Distance
from tests.fitness.world import World

RECORD_PARAMETERS = frozenset(
    {
        "answer_ref",
        "case_ref",
        "feed_ref",
        "course_ref",
        "course_session_ref",
        "place_ref",
        "note_ref",
        "proposal_ref",
        "change_ref",
        "notice_ref",
        "explanation_ref",
        "said_ref",
        "warning_ref",
        "keyed_ref",
        "word_ref",
        "risk_ref",
        "safeguarding_ref",
        "incident_ref",
        "step_ref",
        "referral_ref",
        "papers_ref",
        "compliance_ref",
        "sent_ref",
        "written_ref",
        "issued_ref",
        "court_step_ref",
        "review_ref",
        "item_ref",
        "told_item_ref",
        "plan_ref",
        "letter_ref",
        "signed_ref",
        "copy_ref",
        "task_ref",
        "onward_ref",
        "use_ref",
        "run_ref",
        "file_ref",
        "exclusion_ref",
        "link_ref",
        "merge_ref",
        "question_ref",
        "flag_ref",
        "man_ref",
        "measure_flag_ref",
        "release_ref",
        "goal_ref",
        "occasion_ref",
        "contact_ref",
        "order_ref",
        "session_ref",
        "time_ref",
        "bar_ref",
        "adjustment_ref",
    }
)
"""Parameters that lead to a man. The world has a reference of each for every record."""

CHOICES: Mapping[tuple[str, str], list[str]] = {
    ("suitability.assessment_section", "section"): [
        part.value for part in sections.Section if part is not sections.Section.MEASURES
    ],
    ("people.section", "section"): [part.value for part in people_sections.Section],
    ("people.consent_item", "item"): [item.value for item in ConsentItem],
    ("suitability.measure", "instrument"): ["phq9", "gad7"],
    ("sessions.course_therapist_answer", "party"): ["therapist", "lead", "him"],
}
"""Parameters that take one of a few words: every one is visited."""

OTHER_PARAMETERS: Mapping[str, Callable[[World, Role], Any]] = {
    "instrument": lambda _world, _role: "phq9",
    "rule": lambda _world, _role: "caseness",
    "item": lambda _world, _role: 9,
    "clinician_ref": lambda world, role: world.scheduled[role]["clinician_ref"],
    "hours_ref": lambda world, role: world.scheduled[role]["hours_ref"],
    "one_off_ref": lambda world, role: world.scheduled[role]["one_off_ref"],
    "site_ref": lambda world, role: world.scheduled[role]["site_ref"],
    "room_ref": lambda world, role: world.scheduled[role]["room_ref"],
    "closure_ref": lambda world, role: world.scheduled[role]["closure_ref"],
    "staff_ref": lambda world, role: world.staff_refs[role],
    "schedule_ref": lambda world, _role: world.schedule_ref,
    "cover_ref": lambda world, _role: world.cover_ref,
    "role_ref": lambda world, _role: world.role_ref,
    "point": lambda _world, _role: "tested_when",
    "wall_item": lambda _world, _role: "next_session",
    "agreed_ref": lambda world, _role: world.agreed_ref,
    "reading_ref": lambda world, _role: world.reading_ref,
    "organisation_ref": lambda world, _role: world.trust_ref,
    "team_ref": lambda world, _role: world.team_ref,
    "pathway_ref": lambda world, _role: world.pathway_ref,
    "ending": lambda _world, _role: "pdf",
    "letter_kind": lambda _world, _role: "summary",
    "whom": lambda _world, _role: "gp",
    "number": lambda _world, _role: 1,
    "day": lambda _world, _role: "2026-11-20",
    "key": lambda _world, _role: "accounts.throttle_minutes",
    "draft_ref": lambda world, role: world.drafts.get(role, world.others_draft),
}
"""Parameters that name no record, and something that exists for each."""
NOWHERE = "0b51a5b6-6e2c-4a5e-9d7b-5f6f0e3f7a11"


@dataclass(frozen=True)
class Address:
    """One route, and who may use it."""

    route: UrlRule
    rule: Rule
    names_a_record: bool

    @property
    def endpoint(self) -> str:
        return str(self.route.endpoint)

    def paths(self, world: World, role: Role, at: Distance) -> list[str]:
        """Its addresses for this record; several where a part is one of a few words."""
        return self.filled(world, role, world.records[at].refs)

    def filled(self, world: World, role: Role, refs: Mapping[str, Any]) -> list[str]:
        """The same for any record, by its references."""
        paths = [str(self.route)]
        for (endpoint, name), words in CHOICES.items():
            if endpoint == self.endpoint:
                paths = [path.replace(f"<{name}>", one) for path in paths for one in words]
        for word in re.findall(r"<any\(([^)]*)\):\w+>", str(self.route)):
            choice = re.compile(r"<any\(" + re.escape(word) + r"\):\w+>")
            paths = [choice.sub(one.strip(), path) for path in paths for one in word.split(",")]

        def fill(found: re.Match[str]) -> str:
            name = found.group(1)
            if name in refs:
                return str(refs[name])
            return str(OTHER_PARAMETERS[name](world, role)) if name in OTHER_PARAMETERS else NOWHERE

        return [re.sub(r"<(?:\w+:)?(\w+)>", fill, path) for path in paths]


def addresses(app: Flask, method: str) -> Iterator[Address]:
    """Every route that takes this method and is for people who signed in."""
    for route in sorted(app.url_map.iter_rules(), key=lambda r: str(r.endpoint)):
        rule = rule_of(app, str(route.endpoint))
        if method not in (route.methods or ()) or rule is None:
            continue
        if rule.kind in (RuleKind.SIGNED_IN, RuleKind.ROLES):
            named = bool(RECORD_PARAMETERS & route.arguments)
            yield Address(route, rule, named)
