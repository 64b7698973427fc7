"""Each fault that is planted in a deployment is found and named, and nothing else is (R-45)."""

from collections.abc import Callable
from dataclasses import replace

import code_plants
import index_plants
import pytest
import shared_plants
from checked_house import House

from indexkit.deployment.checking.report import DIFFERS

PLANTS = (*code_plants.PLANTS, *shared_plants.PLANTS, *index_plants.PLANTS)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_check__finds_and_names(
    handed_over_house: House, plant: Callable[[House], list[str]]
) -> None:
    """R-45: the fault is told as it is, in a sentence, and nothing is told that is right."""
    planted = plant(handed_over_house)

    report = handed_over_house.check()

    assert not report.ok
    assert {each.status for each in report.findings} == {DIFFERS}
    told = [replace(each, address=None).sentence for each in report.findings]
    assert sorted(told) == sorted(planted)
