"""The calendar of an index (R-33): when weights are determined, and when the index takes them.

Determination is in the third week of a month, reconstitution on the first business day of the next.
The *third week* is the one that begins with the month's third Monday and ends on a Sunday: the
reading that most published dates fit. A *business day* is a weekday that is no federal holiday of
the United States, by the ``holidays`` package: the methodologists (DeFi Pulse, Set Labs) worked
there, and the markets traded in never close. The exchange's calendar (NYSE) can be had instead; it
closes on Good Friday, and opens on Columbus and Veterans Day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import holidays
from dateutil.relativedelta import MO, SU, relativedelta

from indexkit.errors import IndexkitError

CALENDARS: dict[str, Callable[[], holidays.HolidayBase]] = {
    "US": lambda: holidays.country_holidays("US"),
    "NYSE": lambda: holidays.financial_holidays("XNYS"),
}
LONGEST_WINDOW = 15
"""Business days a reconstitution may take: a month has at least 17."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """One determination and the reconstitution it leads to; first and last days belong to them."""

    determination_first: date
    determination_last: date
    reconstitution_first: date
    reconstitution_last: date


def third_week(year: int, month: int) -> tuple[date, date]:
    """Return the Monday and the Sunday of a month's third week."""
    monday = date(year, month, 1) + relativedelta(weekday=MO(+3))
    return monday, monday + relativedelta(weekday=SU(+1))


def business_days(year: int, month: int, count: int = 1, calendar: str = "US") -> tuple[date, ...]:
    """Return the first business days of a month, in order.

    Parameters
    ----------
    year, month
        Of the Gregorian calendar.
    count
        How many, 1 to `LONGEST_WINDOW`.
    calendar
        Whose holidays: a name in `CALENDARS`.

    Raises
    ------
    IndexkitError
        The count or the calendar is not one of these.
    """
    if not 1 <= count <= LONGEST_WINDOW:
        raise IndexkitError(
            f"A window of {count} business days: give a number from 1 to {LONGEST_WINDOW}."
        )
    if calendar not in CALENDARS:
        raise IndexkitError(
            f"No calendar is called {calendar!r}: use one of {', '.join(CALENDARS)}."
        )
    closed = CALENDARS[calendar]()
    # Zero days on from the first of the month is that day, or the next business day.
    first = closed.get_nth_working_day(date(year, month, 1), 0)
    return tuple(closed.get_nth_working_day(first, later) for later in range(count))


def cycle(year: int, month: int, window: int = 1, calendar: str = "US") -> Cycle:
    """Return the cycle that is determined in this month.

    Parameters
    ----------
    year, month
        Of the determination.
    window
        Business days that the reconstitution may take: trades of a large index fill several.
    calendar
        A name in `CALENDARS`.

    Raises
    ------
    IndexkitError
        The window or the calendar is wrong, as in `business_days`.
    """
    following = date(year, month, 1) + relativedelta(months=1)
    days = business_days(following.year, following.month, window, calendar)
    return Cycle(*third_week(year, month), days[0], days[-1])


def year_calendar(
    year: int, *, every: int = 1, window: int = 1, calendar: str = "US"
) -> tuple[Cycle, ...]:
    """Return the cycles that are determined in a year, beginning with January's.

    Parameters
    ----------
    every
        Months from one to the next: 1 (DPI to April 2022) or 3 (since).

    Raises
    ------
    IndexkitError
        The year or the months are out of range, or as in `cycle`.
    """
    if not 2000 <= year <= 2100:
        raise IndexkitError(f"The holidays of {year} are not known: use a year from 2000 to 2100.")
    if every not in (1, 2, 3, 4, 6, 12):
        raise IndexkitError(f"Every {every} months does not divide a year: use 1, 2, 3, 4, 6, 12.")
    return tuple(cycle(year, month, window, calendar) for month in range(1, 13, every))


def check_fresh(price_date: date, today: date, max_age_days: int) -> None:
    """Refuse prices that are older than that, or of a day to come.

    Raises
    ------
    IndexkitError
        They are.
    """
    age = (today - price_date).days
    if age < 0:
        raise IndexkitError(
            f"The prices are of {price_date}, {-age} days after {today}: correct the date."
        )
    if age > max_age_days:
        raise IndexkitError(
            f"The prices are of {price_date}, {age} days old on {today}, and may be "
            f"{max_age_days} at most: fetch new ones."
        )
