"""Who wants to know when a case changes, without this folder knowing them.

Features above add their function when they are imported. Each is called inside the write
transaction of the change, with the case already locked.
"""

from collections.abc import Callable, Sequence

from mhtr.cases.facts import FactKind
from mhtr.people.models import ConsentDecision, ConsentItem

report_rests: list[Callable[[int, bool, int | None], None]] = []
"""Called with the case's id, whether work on its report rests from now on or goes on (a plea or
finding was taken back, or is recorded again), and who recorded it."""

hearing_changed: list[Callable[[int, int | None], None]] = []
"""Called with the case's id and the member of staff behind the change (None: the program)."""

filing_said: list[Callable[[int, int | None], None]] = []
"""Called where it was said when the pre-sentence report is filed, for a court date that stays."""

fact_added: list[Callable[[int, FactKind, int | None], None]] = []
"""Called after each milestone fact, with the case's id, the kind, and who recorded it."""

consent_said: list[Callable[[int, ConsentItem, ConsentDecision, int], None]] = []
"""Called for each case of his after he decided about an item, with who recorded it; and after two
records became one, for what he has refused or taken back on either."""

case_moved: list[Callable[[int, int | None], None]] = []
"""Called after a case moved to another treating trust, with who recorded the court date."""

records_joined: list[Callable[[Sequence[int], Sequence[int], int], None]] = []
"""Called with the cases of the two records that became one, all locked, and who answered."""

moved_to_record: list[Callable[[Sequence[int], int, int], None]] = []
"""Called with cases that were moved to another record of a person, the record they were under and
the one they are under now: two records became one, or two again. May refuse it."""

away_changed: list[Callable[[int, bool, int | None], None]] = []
"""Called with the case of a man under an order who cannot attend from now on (True: he is in
hospital or custody) or can again (False), and who recorded it; `cases.away_service` says since
when. What is booked for him is to be looked at. A repeat changes nothing."""

death_recorded: list[Callable[[int, int], None]] = []
"""Called with each case of a man whose date of death is on record, and who is behind it."""

death_taken_back: list[Callable[[int, int], None]] = []
"""Called with each case of a man without a date of death: what one closed goes on."""

readers_changed: list[Callable[[int, int | None, int | None], None]] = []
"""Called with a case that fewer people may open than before, who did it, and the member of staff
who was shut out of it (None: it was restricted). Who has work on it may be among them."""
