"""The stored terms of an order as the rules read them."""

from collections.abc import Sequence

from mhtr.orders.models import OrderPeriod, OrderRequirement, OrderTerms
from mhtr.orders.terms import CustodialTerm, OtherRequirement, Period, Terms


def terms_from(
    row: OrderTerms,
    periods: Sequence[OrderPeriod],
    others: Sequence[OrderRequirement] = (),
) -> Terms:
    """The stored terms as the rules read them, with the other requirements that count."""
    return Terms(
        kind=row.kind,
        convicted_on=row.convicted_on,
        made_on=row.made_on,
        periods=tuple(
            Period(one.starts_on, one.ends_on, one.treatment, one.named, one.registration)
            for one in periods
        ),
        ends_on=row.ends_on,
        term=CustodialTerm(row.term_months, row.term_weeks, row.term_days),
        operational_months=row.operational_months,
        supervision_months=row.supervision_months,
        others=tuple(
            OtherRequirement(one.kind, one.amount, one.until)
            for one in others
            if one.taken_out_at is None
        ),
    )
