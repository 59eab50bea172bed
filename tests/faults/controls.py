"""Every control, how to take it out, and the test that must notice.

`old` stands once in the file; put `new` in its place and the control is gone.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Control:
    """One control of the program."""

    name: str
    path: str
    old: str
    new: str
    test: str


CONTROLS = (
    Control(
        "A route without a rule is refused",
        "mhtr/accounts/gate.py",
        "    if rule is None:\n        abort(403)\n",
        "    if rule is None:\n        return None\n",
        "tests/fitness/test_routes.py::test_a_route_without_a_rule_is_refused_to_everybody",
    ),
    Control(
        "A page is for the roles it names",
        "mhtr/web/gate.py",
        "return self.kind is RuleKind.SIGNED_IN or bool(self.roles & roles)",
        "return True",
        "tests/fitness/test_routes.py::test_roles_are_refused_the_pages_of_other_roles",
    ),
    Control(
        "Without signing in nobody passes the gate",
        "mhtr/web/gate.py",
        "        if roles is None:\n            return False\n",
        "        if roles is None:\n            return True\n",
        "tests/fitness/test_routes.py::test_nobody_signed_in_is_led_to_the_sign_in_page",
    ),
    Control(
        "A case is found only through a grant for a purpose of the page",
        "mhtr/cases/queries.py",
        "    if not held.intersection(purposes):\n        raise NotFound\n",
        "    if not held:\n        raise NotFound\n",
        "tests/fitness/test_matrix.py",
    ),
    Control(
        "A grant ends when it ends",
        "mhtr/core/scope.py",
        "        or_(Grant.ends_at.is_(None), Grant.ends_at > asker.moment),\n",
        "",
        "tests/core/test_access.py",
    ),
    Control(
        "A restricted record is for those named",
        "mhtr/core/scope.py",
        "and_(Grant.principal_id.in_(asker.groups), ~restricted)",
        "Grant.principal_id.in_(asker.groups)",
        "tests/cases/test_access.py::test_only_those_named_see_a_restricted_record",
    ),
    Control(
        "Whoever is excluded finds no case in a list",
        "mhtr/core/scope.py",
        "return and_(granted, ~_excluded(asker, case_id))",
        "return granted",
        "tests/cases/test_access.py::test_whoever_is_shut_out_sees_nothing_whatever_grants_say",
    ),
    Control(
        "Whoever is excluded sees nothing, whatever was granted",
        "mhtr/core/scope.py",
        "return and_(_granted(asker, case_id, restricted), ~_excluded(asker, case_id))",
        "return _granted(asker, case_id, restricted)",
        "tests/cases/test_access.py::test_whoever_is_shut_out_sees_nothing_whatever_grants_say",
    ),
    Control(
        "CSRF token on every unsafe route",
        "mhtr/app.py",
        "    csrf = CSRFProtect(app)\n",
        "    csrf = CSRFProtect()\n",
        "tests/web/test_unsafe_routes.py",
    ),
    Control(
        "Throttling of password tries",
        "mhtr/accounts/throttle_service.py",
        "    if left:\n        return TooManyTries(in_minutes(left))\n",
        "",
        "tests/accounts/test_sign_in.py",
    ),
    Control(
        "A one-time code is good once",
        "mhtr/accounts/totp.py",
        "if right and step > last_step:",
        "if right:",
        "tests/accounts/test_totp.py",
    ),
    Control(
        "An unknown name costs the same work",
        "mhtr/accounts/passwords.py",
        "_hasher(_memory()).verify(stored or _dummy(_memory()), _normal(password))",
        "if not stored:\n                return False\n"
        "            _hasher(_memory()).verify(stored, _normal(password))",
        "tests/accounts/test_sign_in.py::test_failures_look_and_cost_the_same",
    ),
    Control(
        "A GET writes nothing: the database refuses (SQLite)",
        "mhtr/core/database.py",
        'connection.exec_driver_sql("PRAGMA query_only=ON")',
        'connection.exec_driver_sql("PRAGMA query_only=OFF")',
        "tests/web/test_submission.py::test_a_write_planted_in_a_get_fails",
    ),
    Control(
        "A page whose reading cannot be audited is not sent (503)",
        "mhtr/web/reads.py",
        "            return failed()\n",
        "            return response\n",
        "tests/web/test_reads.py::test_a_page_that_cannot_be_audited_is_not_sent",
    ),
    Control(
        "What was read is audited",
        "mhtr/cases/queries.py",
        '    shows("case", case.id, case_id=case.id)\n',
        "",
        "tests/cases/test_break_glass.py::test_the_review_shows_what_was_looked_at",
    ),
    Control(
        "Change and audit are one transaction",
        "mhtr/core/transaction.py",
        "        session.flush()\n        audit.append_pending()\n        session.commit()\n",
        "        session.flush()\n        session.commit()\n",
        "tests/core/test_transaction.py",
    ),
    Control(
        "One effect for one form",
        "mhtr/web/submission.py",
        "        if key:\n            row = _consume",
        "        if key and False:\n            row = _consume",
        "tests/web/test_submission.py",
    ),
    Control(
        "The same key with other answers saves nothing",
        "mhtr/web/submission.py",
        "earlier.body_hash == digest",
        "True",
        "tests/web/test_submission.py",
    ),
    Control(
        "What was typed on an expired session is kept",
        "mhtr/accounts/gate.py",
        "        _keep(found.lapsed)\n    db.session.rollback()\n",
        "        pass\n    db.session.rollback()\n",
        "tests/accounts/test_kept_posts.py",
    ),
    Control(
        "Kept forms are deleted in time",
        "mhtr/web/kept_posts.py",
        "KeptPost.created_at < now - timedelta(days=30),",
        "KeptPost.created_at < now - timedelta(days=3000),",
        "tests/accounts/test_kept_posts.py",
    ),
    Control(
        "Sign-in tries are deleted in time",
        "mhtr/accounts/throttle_service.py",
        "    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at <= now - kept))\n",
        "",
        "tests/accounts/test_sign_in.py",
    ),
    Control(
        "Nobody countersigns his own work",
        "mhtr/suitability/countersigning.py",
        "if lead.staff_id in author_ids:",
        "if False:",
        "tests/suitability/test_countersign_service.py",
    ),
    Control(
        "A countersigner's registration was checked in time",
        "mhtr/suitability/countersigning.py",
        "if today - checked > timedelta(days=policy.check_valid_days):",
        "if False:",
        "tests/suitability/test_countersign_service.py",
    ),
    Control(
        "No release without his consent to the report",
        "mhtr/suitability/release_content.py",
        "        found.append(NO_CONSENT)\n",
        "        pass\n",
        "tests/suitability/test_release_service.py",
    ),
    Control(
        "The note on the court's result stays on its side of the wall",
        "mhtr/suitability/outcome_rules.py",
        "return side is not None and side == written_on",
        "return True",
        "tests/suitability/test_outcome_note.py",
    ),
    Control(
        "Emergency access never crosses the wall",
        "mhtr/cases/break_glass_service.py",
        "        and not held & PROBATION_ROLES\n",
        "",
        "tests/cases/test_break_glass.py",
    ),
    Control(
        "Emergency access is for treating trusts only",
        "mhtr/cases/break_glass_service.py",
        "        and staff.organisation.kind is OrganisationKind.TREATING_TRUST\n",
        "",
        "tests/cases/test_break_glass.py",
    ),
    Control(
        "A strict content security policy",
        "mhtr/web/security.py",
        '        response.headers["Content-Security-Policy"] = policy\n',
        "",
        "tests/web/test_security.py",
    ),
    Control(
        "Records are never stored by the browser (no-store)",
        "mhtr/web/security.py",
        '            response.headers["Cache-Control"] = "no-store"\n',
        "            pass\n",
        "tests/web/test_security.py",
    ),
    Control(
        "The one-click sign-in does not exist in production",
        "mhtr/app.py",
        "    if config.mode is not Mode.PRODUCTION:\n",
        "    if config.mode:\n",
        "tests/accounts/test_demo.py::test_in_production_the_route_does_not_exist",
    ),
    Control(
        "Production does not start with a demonstration secret",
        "config.py",
        "    if DEMO_SECRET in value or DEMO_KEY in value:\n",
        "    if False:\n",
        "tests/test_config.py",
    ),
    Control(
        "Production does not start without a secret",
        "config.py",
        "    if not value:\n        raise ConfigError(f",
        "    if False:\n        raise ConfigError(f",
        "tests/test_config.py",
    ),
    Control(
        "The disabled are out on their next request",
        "mhtr/accounts/sessions.py",
        "if row.ended_at is not None or staff.disabled_at is not None:",
        "if row.ended_at is not None:",
        "tests/accounts/test_sessions.py",
    ),
    Control(
        "Fifteen idle minutes end a session, and twelve hours",
        "mhtr/accounts/sessions.py",
        "    if now >= ends or now < row.last_seen_at - CLOCK_SLACK:\n",
        "    if now < row.last_seen_at - CLOCK_SLACK:\n",
        "tests/accounts/test_sessions.py",
    ),
    Control(
        "An answer that was not offered is refused",
        "mhtr/web/field_choices.py",
        "        if self.data is not None and self.data not in self.values():\n",
        "        if False:\n",
        "tests/web/test_fields.py",
    ),
    Control(
        "Legal records are never changed: the database refuses",
        "mhtr/core/guards.py",
        '    "audit_events",\n',
        "",
        "tests/core/test_audit.py tests/fitness/test_schema.py",
    ),
    Control(
        "Forms of several tabs are each offered",
        "mhtr/accounts/session_routes.py",
        "        shown = [row for row in waiting if str(row.ref) == wanted]\n",
        "        shown = list(waiting)\n",
        "tests/accounts/test_kept_posts.py::test_of_two_tabs_each_is_offered_and_fetched",
    ),
    Control(
        "A session that was ended keeps nothing for its owner",
        "mhtr/accounts/gate.py",
        "        if lapsed.ran_out:\n            kept_posts",
        "        if True:\n            kept_posts",
        "tests/accounts/test_kept_posts.py::test_a_session_that_was_ended_keeps_nothing",
    ),
    Control(
        "A password known from breaches is refused",
        "mhtr/accounts/passwords.py",
        "    if is_breached(password):\n        return (ON_LISTS,)\n",
        "",
        "tests/accounts/test_passwords.py::test_bad_passwords_and_what_to_do",
    ),
    Control(
        "Everyday words in a row are refused as a password",
        "mhtr/accounts/passwords.py",
        "    if is_everyday(password[:_LOOKED_AT]):\n        return (EASY,)\n",
        "",
        "tests/accounts/test_passwords.py::test_bad_passwords_and_what_to_do",
    ),
    Control(
        "A guard that was altered is noticed",
        "mhtr/core/schema.py",
        "if wanted.get(name) != held.get(name)]",
        "if (name in wanted) != (name in held)]",
        "tests/fitness/test_schema.py::test_a_guard_that_does_nothing_is_noticed",
    ),
    Control(
        "A CHECK that was dropped or altered is noticed",
        "mhtr/core/schema.py",
        "        found += check_drift(connection, db.metadata)\n",
        "",
        "tests/fitness/test_schema.py::test_a_check_dropped_or_altered_is_noticed",
    ),
    Control(
        "A draft that another tab saved meanwhile is not overwritten",
        "mhtr/intake/drafts.py",
        "    if step_version(draft, step) != version and saved != _whole(step, answers):\n"
        "        raise Stale(saved)\n",
        "",
        "tests/faults/test_two_tabs.py::test_a_referral_draft_in_two_tabs",
    ),
    Control(
        "No release before he heard the report: the rule",
        "mhtr/cases/steps.py",
        "    if not account.heard:\n",
        "    if False:\n",
        "tests/cases/test_rules.py::test_no_release_before_countersignature_or_before_he_heard_it",
    ),
    Control(
        "No release before he heard the report: what stands against it",
        "mhtr/suitability/release_content.py",
        "        found.append(NOT_HEARD)\n",
        "        pass\n",
        "tests/suitability/test_release_service.py::test_other_words_than_were_signed_never_go_out",
    ),
    Control(
        "A referral takes only the described fields",
        "mhtr/intake/referral.py",
        "        if name not in FIELDS:\n",
        "        if False:\n",
        "tests/intake/test_referral.py::test_a_name_that_is_no_field_is_refused",
    ),
)
