"""What somebody who records a court date says of the filing of the pre-sentence report."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Filing:
    """The day on which the pre-sentence report is filed; None: not known yet."""

    on: date | None
