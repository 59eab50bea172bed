"""Controls of the overview: worklists and the outcomes report."""

from tests.faults.controls.control import Control

CONTROLS = (
    Control(
        "Whoever is outside reads half-years that share no day",
        "mhtr/overview/cohort_routes.py",
        "            self.form = HalfYearForm()\n            self.form.offer(self.today)\n",
        "            self.form = ReportForm(first=a_year_to(self.today), last=self.today)\n"
        "            self.form.offer(self.today, self.trusts)\n",
        "tests/overview/test_cohort_outside.py::"
        "test_a_commissioner_cannot_choose_periods_that_overlap_as_he_likes",
    ),
    Control(
        "Files of outcomes cover whole quarters",
        "mhtr/overview/cohort_routes.py",
        "            self.asked, self.good = self.files or self.asked, self.files is not None\n",
        "            pass\n",
        "tests/overview/test_cohort_outside.py::test_files_of_the_service_cover_whole_quarters",
    ),
    Control(
        "Outside the service nothing is told of men still in treatment",
        "mhtr/overview/cohort_figures.py",
        "        interim_counts = dict.fromkeys(F)\n",
        "        pass\n",
        "tests/overview/test_cohort_pdf.py::test_what_leaves_counts_nobody_in_treatment",
    ),
    Control(
        "Files of outcomes are made of what may leave",
        "mhtr/overview/cohort_routes.py",
        "        self.leaves = file or not self.inside\n",
        "        self.leaves = not self.inside\n",
        "tests/overview/test_cohort_outside.py::test_files_are_hidden_and_rounded_though_the_page_is_not",
    ),
    Control(
        "A commissioner's page of outcomes is made of what may leave",
        "mhtr/overview/cohort_routes.py",
        "        self.leaves = file or not self.inside\n",
        "        self.leaves = file\n",
        "tests/overview/test_cohort_outside.py::test_a_commissioner_sees_nothing_small_and_no_link_to_a_man",
    ),
    Control(
        "Men behind a figure are those in the viewer's scope as a clinician",
        "mhtr/overview/cohort_queries.py",
        ".where(Case.id.in_(case_ids), in_scope(viewer, Purpose.CLINICAL))",
        ".where(Case.id.in_(case_ids))",
        "tests/overview/test_cohort_men.py::test_men_behind_a_figure_are_those_in_his_scope",
    ),
    Control(
        "A session closed without a score stays on the worklist until somebody responds",
        "mhtr/overview/measure_lists.py",
        "union(still_open, lately, kept) if closed",
        "union(still_open, lately) if closed",
        "tests/overview/test_measure_lists.py::"
        "test_it_is_overdue_the_next_day_and_missing_from_the_list_once_closed",
    ),
    Control(
        "A baseline that is due stands on the worklist",
        "mhtr/overview/measure_lists.py",
        "        placed += without_session(men, asks, placed)\n",
        "",
        "tests/overview/test_measure_lists.py::test_a_baseline_is_due_from_sentence_until_it_is_recorded",
    ),
    Control(
        "What is due is told of men in the viewer's scope",
        "mhtr/overview/treatment_measures.py",
        "        .where(visible(ANYBODY, Case.id, Case.restricted))\n",
        "",
        "tests/overview/test_measure_lists.py::test_baselines_are_those_of_ones_own_men_and_go_no_further_than_the_scope",
    ),
    Control(
        "What was done about one answer closes no review of another",
        "mhtr/overview/task_service.py",
        "    if shown and shown != known(task):\n",
        "    if False:\n",
        "tests/overview/test_risk_task_answer_changed.py::test_an_old_page_closes_no_review_of_an_answer_it_did_not_show",
    ),
    Control(
        "Whoever works on a man's case is told of his other open one",
        "mhtr/cases/record.py",
        "others=other_cases(viewer, case, clinical=clinical) if held & _WORK_ON_HIM else (),",
        "others=(),",
        "tests/overview/test_two_cases.py::test_his_other_open_case_is_said_with_a_link",
    ),
    Control(
        "Probation and referrers read nothing of his other cases",
        "mhtr/cases/record.py",
        "others=other_cases(viewer, case, clinical=clinical) if held & _WORK_ON_HIM else (),",
        "others=other_cases(viewer, case, clinical=clinical),",
        "tests/overview/test_two_cases.py::test_probation_reads_nothing_of_it"
        " tests/overview/test_two_cases.py::test_a_referrer_reads_nothing_of_it",
    ),
    Control(
        "Another case is named and linked only where the viewer may open it",
        "mhtr/cases/other_cases.py",
        "    if not row.opens:\n",
        "    if False:\n",
        "tests/overview/test_two_cases.py::test_where_he_may_not_open_it_only_the_fact_is_said",
    ),
    Control(
        "Only clinicians read that a risk review is open on his other case",
        "mhtr/cases/other_cases.py",
        "if clinical and known else {}",
        "if known else {}",
        "tests/overview/test_two_cases.py::"
        "test_an_open_review_on_the_other_case_is_said_to_clinicians",
    ),
    Control(
        "The answer before is his on any of his cases",
        "mhtr/overview/answers.py",
        "        place[row.id] = (row.person_id, row.instrument)\n",
        "        place[row.id] = (row.case_id, row.instrument)\n",
        "tests/overview/test_two_cases.py::test_the_time_before_is_his_on_either_case",
    ),
    Control(
        "An answer on a case that is not the reader's is not shown as the one before",
        "mhtr/overview/answer_statements.py",
        "            visible(ANYBODY, Case.id, Case.restricted),\n",
        "            Case.id > 0,\n",
        "tests/overview/test_two_cases.py::"
        "test_an_answer_on_a_case_he_may_not_open_is_no_time_before",
    ),
    Control(
        "Whoever triages is told of a second case of one man",
        "mhtr/intake/service.py",
        "    another_case.opened(case, by=by)\n",
        "    pass\n",
        "tests/overview/test_two_cases.py::test_whoever_triages_is_told_of_a_second_case",
    ),
    Control(
        "Whoever triages is told that a report is asked for on one of two cases",
        "mhtr/suitability/request_service.py",
        "    another_case.asked_about(case, by=by)\n",
        "    pass\n",
        "tests/overview/test_two_cases.py::"
        "test_whoever_triages_is_told_that_a_report_is_asked_for_on_one_of_two",
    ),
)
