"""The calendar, against every date that was published."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexkit.errors import IndexkitError
from indexkit.methodology.dates import (
    LONGEST_WINDOW,
    Cycle,
    business_days,
    check_fresh,
    cycle,
    third_week,
    year_calendar,
)

DATA = Path(__file__).resolve().parents[3] / "data" / "methodology"
PUBLISHED = json.loads((DATA / "dpi-dates.json").read_text())

LATE_DETERMINATIONS = {
    "2020-12-29": 2,
    "2021-11-23": 2,
    "2022-04-25": 1,
    "2022-10-25": 2,
    "2023-01-26": 4,
    "2024-01-26": 5,
}
"""Published days after the third week, and by how many days; the other seven are in it."""

LATE_RECONSTITUTIONS = {
    "2020-10-02": 1,
    "2020-11-03": 1,
    "2020-12-03": 2,
    "2021-03-02": 1,
    "2021-04-02": 1,
    "2021-08-03": 1,
}
"""Business days after the first one; the other three are on it."""


@pytest.mark.parametrize("day", [d["date"] for d in PUBLISHED["determinations"]])
def test_third_week__against_published_determinations(day: str) -> None:
    """Seven of thirteen are in the third week, six are one to five days late (R-33)."""
    determined = date.fromisoformat(day)
    first, last = third_week(determined.year, determined.month)
    assert determined >= first
    assert max(0, (determined - last).days) == LATE_DETERMINATIONS.get(day, 0)


@pytest.mark.parametrize("day", [d["date"] for d in PUBLISHED["reconstitutions"]])
def test_business_days__against_published_reconstitutions(day: str) -> None:
    """Three of nine are on the first business day, all within a window of three (R-33)."""
    done = date.fromisoformat(day)
    window = business_days(done.year, done.month, 3)
    assert window.index(done) == LATE_RECONSTITUTIONS.get(day, 0)


def test_cycle__of_june_2021() -> None:
    """The forum said it: weights of 21 June, trades on 1 July; the 5th is a holiday (R-33)."""
    assert cycle(2021, 6) == Cycle(
        date(2021, 6, 21), date(2021, 6, 27), date(2021, 7, 1), date(2021, 7, 1)
    )
    assert cycle(2021, 6, window=3).reconstitution_last == date(2021, 7, 6)


@pytest.mark.parametrize(
    ("year", "month", "first"),
    [
        (2021, 1, date(2021, 1, 4)),
        (2022, 1, date(2022, 1, 3)),
        (2023, 1, date(2023, 1, 3)),
        (2025, 9, date(2025, 9, 2)),
        (2021, 5, date(2021, 5, 3)),
    ],
)
def test_business_days__skip_weekends_and_holidays(year: int, month: int, first: date) -> None:
    """New Year, observed on a Monday after a Sunday, and Labor Day are none (R-33)."""
    assert business_days(year, month) == (first,)


def test_business_days__calendars_differ_on_good_friday() -> None:
    """2 April 2021, when FARM and CREAM entered, was no trading day in New York (R-33)."""
    assert business_days(2021, 4, 2) == (date(2021, 4, 1), date(2021, 4, 2))
    assert business_days(2021, 4, 2, "NYSE") == (date(2021, 4, 1), date(2021, 4, 5))


@settings(deadline=None)
@given(st.integers(2000, 2100), st.integers(1, 12), st.integers(1, LONGEST_WINDOW))
def test_cycle__is_in_order(year: int, month: int, window: int) -> None:
    """A third week is Monday to Sunday, and ends before the month's successor trades (R-33)."""
    one = cycle(year, month, window)
    assert one.determination_first.weekday() == 0
    assert one.determination_last == one.determination_first + timedelta(days=6)
    assert 15 <= one.determination_first.day <= 21
    assert one.determination_last.month == month
    assert one.determination_last < one.reconstitution_first <= one.reconstitution_last
    assert one.reconstitution_first.month == one.reconstitution_last.month == month % 12 + 1
    assert one.reconstitution_first.day <= 4


def test_year_calendar__monthly_and_quarterly() -> None:
    """Twelve cycles a year to April 2022, since then January, April, July, October (R-33)."""
    monthly = year_calendar(2021)
    assert [one.determination_first.month for one in monthly] == list(range(1, 13))
    assert monthly[-1].reconstitution_first == date(2022, 1, 3)
    quarterly = year_calendar(2022, every=3)
    assert [one.determination_first.month for one in quarterly] == [1, 4, 7, 10]
    assert quarterly == tuple(cycle(2022, month) for month in (1, 4, 7, 10))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"year": 1999}, "The holidays of 1999 are not known: use a year from 2000 to 2100."),
        ({"year": 2021, "every": 5}, "Every 5 months does not divide a year"),
        ({"year": 2021, "window": 0}, "A window of 0 business days: give a number from 1 to 15."),
        ({"year": 2021, "window": 16}, "A window of 16 business days"),
        ({"year": 2021, "calendar": "EU"}, "No calendar is called 'EU': use one of US, NYSE."),
    ],
)
def test_year_calendar__refuses(arguments: dict[str, int], sentence: str) -> None:
    """What the calendar does not know is refused in one sentence (R-33)."""
    with pytest.raises(IndexkitError) as error:
        year_calendar(**arguments)
    assert sentence in error.value.message


def test_check_fresh__at_its_limit() -> None:
    """Prices of the day and of the last day allowed pass (R-33)."""
    check_fresh(date(2021, 4, 20), date(2021, 4, 20), 0)
    check_fresh(date(2021, 4, 20), date(2021, 4, 30), 10)


def test_check_fresh__refuses_old_and_coming_prices() -> None:
    """Stale prices, and those of tomorrow, are refused with both days (R-33)."""
    with pytest.raises(IndexkitError) as error:
        check_fresh(date(2021, 4, 20), date(2021, 5, 1), 10)
    assert error.value.message == (
        "The prices are of 2021-04-20, 11 days old on 2021-05-01, and may be 10 at most: "
        "fetch new ones."
    )
    with pytest.raises(IndexkitError, match="2021-04-20, 1 days after 2021-04-19: correct"):
        check_fresh(date(2021, 4, 20), date(2021, 4, 19), 10)
