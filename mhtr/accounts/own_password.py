"""What a password must not be made of: the person's and the service's own words."""

from flask import current_app

from mhtr.accounts.models import Staff


def about(staff: Staff) -> tuple[str, ...]:
    """Names an attacker who knows the person would try first."""
    return (
        staff.name,
        staff.username,
        staff.organisation.name,
        str(current_app.config["SERVICE_NAME"]),
    )
