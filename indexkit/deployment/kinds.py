"""What the fields of a declaration may hold, besides `indexkit.fields`."""

import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import chain

from indexkit.deployment.conventions import NOBODY
from indexkit.deployment.declaration import DEPLOYER, Role
from indexkit.fields import ADDRESS, Kind, Record

WAD_DECIMALS = 18


def _role(value: object) -> Role | None:
    if value == DEPLOYER.value:
        return DEPLOYER
    address = ADDRESS.parse(value)
    return None if address == NOBODY else address


def _role_or_none(value: object) -> Role | None:
    return NOBODY if value == "none" else _role(value)


def _roles(value: object) -> tuple[Role, ...] | None:
    found = tuple(map(_role, value)) if isinstance(value, list) else (None,)
    roles = tuple(role for role in found if role is not None)
    return roles if len(roles) == len(found) == len(set(roles)) else None


def _label(value: object) -> str | None:
    good = isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9]{1,32}", value)
    return str(value) if good else None


def _decimal(value: object) -> Decimal | None:
    good = isinstance(value, str) and re.fullmatch(r"[0-9]{1,24}(\.[0-9]{1,36})?", value)
    return Decimal(str(value)) if good else None


def _share(value: object) -> int | None:
    number = _decimal(value)
    scaled = None if number is None else in_base_units(number, WAD_DECIMALS)
    return scaled if scaled is not None and scaled <= 10**WAD_DECIMALS else None


def _wad(value: object) -> int | None:
    number = _decimal(value)
    return None if number is None else in_base_units(number, WAD_DECIMALS)


def in_base_units(number: Decimal, decimals: int) -> int | None:
    """Return tokens as base units; None if there are more decimals than the token has."""
    sign, digits, exponent = number.as_tuple()
    shift = int(exponent) + decimals
    value = int("".join(map(str, digits)))
    whole, rest = divmod(value, 10**-shift) if shift < 0 else (value * 10**shift, 0)
    return None if rest or sign else whole


ROLE: Kind[Role] = Kind('an address with a valid EIP-55 checksum, or "deployer"', _role)
ROLE_OR_NONE: Kind[Role] = Kind(
    'an address with a valid EIP-55 checksum, "deployer" or "none"', _role_or_none
)
ROLES = Kind('a list of different addresses with EIP-55 checksums, or "deployer"', _roles)
LABEL = Kind("a text of 1 to 32 letters and digits", _label)
DECIMAL = Kind('a number written as text, such as "0.25"', _decimal)
SHARE = Kind('a share from 0 to 1 with at most 18 decimals, written as text: "0.02"', _share)
WAD = Kind('a number with at most 18 decimals, written as text: "2.5"', _wad)


def only(record: Record, *known: Iterable[str]) -> None:
    """Refuse an object with a field that nothing reads.

    Raises
    ------
    IndexkitError
        There is one.
    """
    allowed = list(chain.from_iterable(known))
    for key in record.fields:
        if key not in allowed:
            raise record.error(f"there is no field {key!r} (there are: {', '.join(allowed)})")


def require(holds: bool, record: Record, sentence: str) -> None:
    """Refuse an object unless something holds.

    Raises
    ------
    IndexkitError
        It does not.
    """
    if not holds:
        raise record.error(sentence)
