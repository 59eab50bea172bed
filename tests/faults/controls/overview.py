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
        "        placed += _without_session(men, asks, placed)\n",
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
)
