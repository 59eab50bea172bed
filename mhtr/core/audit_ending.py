"""Pages of the end of treatment in plain words, as the audit names them."""

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
