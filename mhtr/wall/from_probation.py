"""Rows of the wall for what both sides know of him, and for what probation and the court hold."""

from mhtr.wall.kinds import Basis, Default, Holder, Item, Seen, Sees

YES, PART = Sees.YES, Sees.PART
_PAPERS = "Probation's own record. Clinicians see where the order stands, not how it came there."
_PARA_6 = "Sentencing Act 2020 Sch 10 and Sch 16, para 6."


def _own(key: str, name: str, purpose: str) -> Item:
    return Item(
        key=key,
        name=name,
        holder=Holder.PROBATION,
        seen=Seen(officer=YES, senior=YES),
        purpose=purpose,
        basis=Basis.OWN,
        default=Default.STAYS,
        rests_on=_PAPERS,
    )


PROBATIONS = (
    Item(
        key="who_he_is",
        name="His name, date of birth and probation's number",
        holder=Holder.COURT,
        seen=Seen(
            officer=YES,
            senior=YES,
            court_team=YES,
            clinicians=YES,
            administrators=YES,
            link_workers=YES,
            referrers=YES,
            court=YES,
            man=YES,
        ),
        purpose="To be sure that everybody speaks of the same man.",
        basis=Basis.ORDER,
        default=Default.GOES,
        rests_on="The proceedings are known by them.",
    ),
    Item(
        key="order",
        name="The order: kind, days, requirements, hearings",
        holder=Holder.COURT,
        seen=Seen(
            officer=YES,
            senior=YES,
            clinicians=YES,
            administrators=YES,
            court=YES,
            man=YES,
        ),
        purpose="The treatment has to fit into it.",
        basis=Basis.ORDER,
        default=Default.GOES,
        rests_on="The order names the period and who treats him (Sch 9 para 16).",
        confirmed=True,
    ),
    Item(
        key="officer",
        name="Who supervises him, and how to reach that officer",
        holder=Holder.PROBATION,
        seen=Seen(officer=YES, senior=YES, clinicians=YES, administrators=YES, man=YES),
        purpose="Each side has to know whom to tell.",
        basis=Basis.ORDER,
        default=Default.GOES,
        rests_on="Whoever works under the order may ask the officer.",
    ),
    Item(
        key="request",
        name="Probation's request for a report: hearing, whom he must not contact, staff safety",
        holder=Holder.PROBATION,
        seen=Seen(officer=YES, senior=YES, court_team=YES, clinicians=YES),
        purpose="So that the report answers what is asked, and nobody is hurt on the way to it.",
        basis=Basis.ORDER,
        default=Default.GOES,
        rests_on="The court's request for a pre-sentence report.",
    ),
    Item(
        key="referral",
        name="The referral, as it was sent",
        holder=Holder.REFERRER,
        seen=Seen(
            officer=PART,
            senior=PART,
            court_team=PART,
            clinicians=YES,
            administrators=PART,
            referrers=YES,
        ),
        purpose="Whoever referred him reads what he sent himself, and what he was asked.",
        basis=Basis.ORDER,
        default=Default.GOES,
        rests_on="Nobody reads more of it than he wrote.",
    ),
    Item(
        key="standing",
        name="Where his order stands",
        holder=Holder.PROBATION,
        seen=Seen(officer=YES, senior=YES, clinicians=PART, man=PART),
        purpose="Who treats him has to know whether treatment is still required.",
        basis=Basis.ORDER,
        default=Default.GOES,
        rests_on=f"Clinicians: what was issued of his sessions. He: what was issued. {_PARA_6}",
    ),
    Item(
        key="warning_issued",
        name="That probation warned him because of a session, and until when it counts",
        holder=Holder.PROBATION,
        seen=Seen(officer=YES, senior=YES, clinicians=YES, man=YES),
        purpose="He hears bad news from a person who asks how he is.",
        basis=Basis.ORDER,
        default=Default.GOES,
        rests_on=_PARA_6,
        confirmed=True,
    ),
    Item(
        key="at_court",
        name="That it went to court because of his sessions, and what the court decided",
        holder=Holder.COURT,
        seen=Seen(officer=YES, senior=YES, clinicians=YES, court=YES, man=YES),
        purpose="It has effect on the treatment.",
        basis=Basis.ORDER,
        default=Default.GOES,
        rests_on="Sentencing Act 2020 Sch 10 paras 8 to 11, Sch 16 Part 2.",
        confirmed=True,
    ),
    _own(
        "decision",
        "Probation's decision on an absence, and its reasons",
        "Probation decides alone, and changes its mind alone.",
    ),
    _own(
        "keyed",
        "What his officer keyed into probation’s own system of a session",
        "So that nothing is keyed in twice, and what was put right is corrected there.",
    ),
    _own(
        "other_warnings",
        "Warnings about other requirements of the same order",
        "They are about other things than his treatment.",
    ),
    _own(
        "breach_papers",
        "Referral to enforcement, and the papers for it",
        "A case against him, which is no part of his care.",
    ),
)
