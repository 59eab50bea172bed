"""The rules of measures: one signed, one signed and withdrawn, the others waiting."""

from mhtr.demo.simulation import Story, at
from mhtr.demo.world import World
from outcome_measures.signing import service as signing


def bands_signed(world: World) -> Story:
    """The lead has read the printed form of AUDIT-C and signs its bands."""
    yield at(world.day(-30), 10)
    signing.sign(
        instrument="auditc",
        rule="bands",
        source_read="AUDIT-C for print, Office for Health Improvement and Disparities, page 1",
        by=world.staff("lead"),
    )


def signature_withdrawn(world: World) -> Story:
    """A colleague signs, finds that the source has been replaced, and takes it back."""
    lead = world.staff("lead2")
    yield at(world.day(-25), 11)
    signing.sign(
        instrument="pcl5",
        rule="reliable_change",
        source_read="PCL-5 leaflet in the library of the service, 2016",
        by=lead,
    )
    yield at(world.day(-3), 12)
    signing.withdraw(instrument="pcl5", rule="reliable_change", by=lead)


STORIES = (bands_signed, signature_withdrawn)
