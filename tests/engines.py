"""Which tests of both engines a whole run at small counts takes on PostgreSQL too.

`./run faults` takes every one, and so does whoever picks the tests he runs.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from tests.counts import some

ONE_IN = 4
ALWAYS = ("tests/core/", "tests/faults/", "tests/fitness/", "tests/web/", "tests/test_")
"""What stands on the engine itself: guards, locks, races, migrations, how a change is saved."""
STEPS = ("tests/faults/test_killed.py", "tests/faults/test_every_statement")
"""What takes the same steps again and again, and stops each elsewhere."""


def left_to_sqlite(names: Iterable[str], resting: Collection[str]) -> set[str]:
    """Of the tests on PostgreSQL (node ids) those that small counts leave out.

    Each file keeps one at the least, and so does each test that a control rests on, whatever
    it is tried with; `resting` names these tests, or whole files of them.
    """
    together = defaultdict[str, list[str]](list)
    for name in names:
        file, test = name.partition("::")[0], name.partition("[")[0]
        if name.startswith(STEPS) or not name.startswith(ALWAYS):
            together[test if {file, test} & set(resting) else file].append(name)
    return {name for group in together.values() for name in set(group) - set(some(group, ONE_IN))}
