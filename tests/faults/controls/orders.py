"""Controls of court orders: legal limits, their history, and who supervises him."""

from tests.faults.controls.control import Control

CONTROLS = (
    Control(
        "An order that exceeds a legal limit is recorded only with a reason",
        "mhtr/orders/overriding.py",
        "    if not override.strip():\n        raise LimitExceeded(found)\n",
        "",
        "tests/orders/test_order_service.py"
        "::test_a_limit_explains_itself_and_is_overridden_by_who_may",
    ),
    Control(
        "Only a clinical lead or a senior probation officer overrides a legal limit",
        "mhtr/orders/overriding.py",
        "    if not roles & OVERRIDERS:\n        raise Refused(NOT_ALLOWED)\n",
        "",
        "tests/orders/test_order_service.py"
        "::test_a_limit_explains_itself_and_is_overridden_by_who_may",
    ),
    Control(
        "What an order said is added to and never changed: the database refuses",
        "mhtr/core/guards.py",
        '    "order_terms",\n',
        "",
        "tests/orders/test_order_service.py::test_terms_are_never_changed_in_the_database",
    ),
    Control(
        "A probation officer who is not the contact any more may not see the case",
        "mhtr/orders/contact_service.py",
        "    if row.staff_id is not None:\n        access.end_grants(",
        "    if False:\n        access.end_grants(",
        "tests/orders/test_contacts.py::test_whoever_is_named_sees_the_case_until_another_is",
    ),
    Control(
        "A man under an order whose officer left is somebody's to see to",
        "mhtr/orders/contact_service.py",
        "account_listeners.staff_left.append(_left)\n",
        "",
        "tests/orders/test_contacts.py::test_an_officer_who_leaves_leaves_an_alert",
    ),
    Control(
        "A sentence with the requirement asks for its order and a probation contact",
        "mhtr/orders/order_tasks.py",
        "listeners.fact_added.append(_follow_fact)\n",
        "",
        "tests/orders/test_order_service.py::test_the_sentence_asks_for_the_order_and_the_contact",
    ),
)
