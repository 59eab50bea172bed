"""Every record of one man: his own, those merged into it, those linked to it elsewhere."""

from mhtr.people import listeners
from mhtr.people.queries import live_id, record_ids


def records_of_man(person_id: int) -> frozenset[int]:
    """The record, every one merged into it, and every one found to be his elsewhere.

    Links reach on: a third trust's record that is linked to the second's is his as well.
    """
    found: set[int] = set()
    fresh = {person_id, live_id(person_id)}
    while fresh:
        found |= fresh
        merged = {one for person in fresh for one in record_ids(person)}
        linked = {one for asked in listeners.elsewhere for one in asked(fresh | merged)}
        fresh = (merged | linked) - found
    return frozenset(found)
