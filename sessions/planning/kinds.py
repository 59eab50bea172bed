"""What the planner can be asked, and how far a proposal is."""

from enum import StrEnum


class ProposalKind(StrEnum):
    """What the planner was asked."""

    WAITING = "waiting"
    """Plan everyone who waits."""
    AWAY = "away"
    """A therapist is away."""
    JOINS = "joins"
    """A therapist joins."""
    ROOM = "room"
    """A room cannot be used."""


class ProposalState(StrEnum):
    """How far a proposal is."""

    ASKED = "asked"
    RUNNING = "running"
    READY = "ready"
    STOPPED = "stopped"
    """Somebody cancelled it."""
    FAILED = "failed"
    APPLIED = "applied"
    """Some or all of it is booked: each part says whether."""
    UNDONE = "undone"
