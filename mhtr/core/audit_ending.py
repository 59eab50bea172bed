"""Safeguarding, reviews and the end of treatment: pages in plain words, and what is done."""

SAFEGUARDING_ACTIONS = {
    "safeguarding.made": "Safeguarding referral made",
    "safeguarding.put_right": "Safeguarding referral put right",
    "safeguarding.step": "What became of a safeguarding referral recorded",
}
OF_SAFEGUARDING = {
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
