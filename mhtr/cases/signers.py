"""Who wrote what a fact is about, and who may sign it. Private to `mhtr.cases`."""

from mhtr.cases.facts import Fact


def is_another_person(signer: int | None, authors: set[int]) -> bool:
    """Whether the signer is known and wrote none of it; False where the author is not known."""
    return signer is not None and bool(authors) and signer not in authors


def author_of(fact: Fact) -> int | None:
    """Who wrote what the fact is about: whoever it names, else who recorded it."""
    author = fact.detail.get("author_id")
    return author if isinstance(author, int) else fact.by_id


def hash_of(fact: Fact) -> str | None:
    """The hash of the wording that the fact is about."""
    value = fact.detail.get("content_hash")
    return value if isinstance(value, str) else None
