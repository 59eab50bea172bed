"""Safeguarding, reviews, letters, the end: pages in plain words, and what is done."""

SAFEGUARDING_ACTIONS = {
    "incidents.put_right": "Incident record put right",
    "incidents.reviewed": "Incident record closed or opened again by a clinical lead",
    "incidents.written": "Incident recorded",
    "safeguarding.made": "Safeguarding referral made",
    "safeguarding.put_right": "Safeguarding referral put right",
    "safeguarding.step": "What became of a safeguarding referral recorded",
}
OF_SAFEGUARDING = {
    "safeguarding.incident": "an incident record",
    "safeguarding.incident_correct": "putting an incident record right",
    "safeguarding.incident_new": "recording an incident",
    "safeguarding.incidents": "incident records",
    "safeguarding.incidents_to_review": "incident records to review",
    "safeguarding.here": "a safeguarding referral",
    "safeguarding.referral": "a safeguarding referral",
    "safeguarding.referral_correct": "putting a safeguarding referral right",
    "safeguarding.referral_new": "making a safeguarding referral",
    "safeguarding.referral_pdf": "a safeguarding referral as a file",
    "safeguarding.referrals": "safeguarding referrals",
}
REVIEW_ACTIONS = {
    "reviews.arranged": "Three-way review arranged",
    "reviews.due": "Three-way review found due",
    "reviews.due_moved": "Day on which a three-way review is due changed",
    "reviews.happened": "What happened at a three-way review recorded",
    "reviews.point_kept": "Point for a three-way review kept",
    "reviews.point_taken_away": "Point for a three-way review taken away",
    "reviews.probation_point": "Probation’s point for a three-way review kept",
    "reviews.signed": "What was said of the sheet of a three-way review recorded",
}
OF_REVIEWS = {
    "reviews.arrange": "arranging a three-way review",
    "reviews.case_reviews": "three-way reviews",
    "reviews.happened": "what happened at a three-way review",
    "reviews.point_change": "a point for a three-way review",
    "reviews.point_new": "a point for a three-way review",
    "reviews.review": "a three-way review",
    "reviews.review_print": "a three-way review, to print",
    "reviews.sign": "the sheet of a three-way review",
    "reviews.told": "three-way reviews, for probation",
    "reviews.told_point_change": "probation’s point for a three-way review",
    "reviews.told_point_new": "probation’s point for a three-way review",
    "reviews.told_sign": "the sheet of a three-way review, for probation",
}
LETTER_ACTIONS = {
    "discharge.copy_recorded": "Copy of a letter recorded as given or sent",
    "discharge.copy_taken_back": "Copy of a letter taken back as recorded by mistake",
    "discharge.letter_begun": "Letter about treatment begun",
    "discharge.letter_dropped": "Draft of a letter about treatment given up",
    "discharge.letter_reopened": "Letter about treatment issued anew",
    "discharge.letter_signed": "Letter about treatment signed",
    "discharge.letter_signed_first": "Letter about treatment signed by its author, for a lead",
    "discharge.letter_written": "Letter about treatment written",
    "discharge.plan_kept": "Plan for later written with him",
}
ENDING_ACTIONS = {**LETTER_ACTIONS, **REVIEW_ACTIONS, **SAFEGUARDING_ACTIONS}
OF_LETTERS = {
    "discharge.copy_take_back": "taking back what was recorded of a copy of a letter",
    "discharge.letter_anew": "issuing a letter about treatment anew",
    "discharge.letter_begin": "beginning a letter about treatment",
    "discharge.letter_copy": "a copy of a letter about treatment",
    "discharge.letter_drop": "giving up a letter about treatment",
    "discharge.letter_pdf": "a letter about treatment as a file",
    "discharge.letter_sign": "signing a letter about treatment",
    "discharge.letter_version": "a letter about treatment",
    "discharge.letter_write": "writing a letter about treatment",
    "discharge.letters": "his plan for later and letters",
    "discharge.plan": "writing his plan for later",
    "discharge.plan_pdf": "his plan for later as a file",
    "discharge.plan_version": "a version of his plan for later",
}
OF_THE_END = {
    "ending.further": "whether further treatment is required",
    "ending.report_anew": "issuing a report on treatment anew",
    "ending.report_begin": "beginning a report on treatment",
    "ending.report_drop": "giving up a report on treatment",
    "ending.report_pdf": "a report on treatment as a file",
    "ending.report_sign": "signing a report on treatment",
    "ending.report_version": "a report on treatment",
    "ending.report_write": "writing a report on treatment",
    "ending.treatment_end": "the end of treatment",
    "probation.treatment_end": "the end of treatment, for probation",
    "probation.treatment_step": "what became of a report before the court",
    "probation.treatment_step_take_back": "what became of a report before the court",
}
