"""Who wants to know what happened to a record, without this folder knowing them.

Features above add their function when they are imported. Each is called inside the write
transaction of the change, after it.
"""

from collections.abc import Callable, Collection

from mhtr.people.matching import PersonSketch
from mhtr.people.models import IdentityQuestion

also_said: list[Callable[[Collection[int]], list[PersonSketch]]] = []
"""Asked for what is said of the man of these records elsewhere than on them."""

elsewhere: list[Callable[[Collection[int]], Collection[int]]] = []
"""Asked for the records of other trusts that were found to be of the man of these records."""

identity_asked: list[Callable[[IdentityQuestion, int | None], None]] = []
"""Called with a question that was asked or given to somebody, and who is behind it."""

named_anew: list[Callable[[int, int | None], None]] = []
"""Called after a name of a record changed, and with who is behind it."""

contact_said: list[Callable[[int, Collection[str], str, bool, int | None], None]] = []
"""Called after something was said of reaching the man of a record: which ways are not safe, the
telephone number that was given (empty: none), whether he was asked for this record, and who is
behind it."""
