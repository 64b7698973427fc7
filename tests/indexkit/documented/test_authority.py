"""Who may do what, how fast, and who calls whom: the documents against ROLES.md and the sources."""

import re

from indexkit.deployment.verification import deployable
from indexkit.localnet.paths import ROOT

DOCS = ROOT / "docs"
GOVERNANCE = (DOCS / "GOVERNANCE.md").read_text()
ARCHITECTURE = (DOCS / "ARCHITECTURE.md").read_text()


def rows(text):
    """Return the cells of each row of all tables in a text."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def section(text, title):
    """Return what stands under a heading."""
    (found,) = re.findall(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.M | re.DOTALL)
    return found


POWERS = rows(section(GOVERNANCE, "Who may do what, how fast"))[1:]
RULES = [row for row in rows((DOCS / "ROLES.md").read_text()) if len(row) == 4][1:]
ROLES = [row for row in rows((DOCS / "ROLES.md").read_text()) if len(row) == 2][1:]


def constant(path, name):
    """Return an integer constant of a source, its products reckoned."""
    (found,) = re.findall(rf"^{name}\b[^=\n]*= ([\d_ *]+)", (ROOT / path).read_text(), re.M)
    product = 1
    for factor in found.split("*"):
        product *= int(factor)
    return product


def test_powers__of_every_role():
    """R-45: each role of ROLES.md has a row, and no other; each row says what and how fast."""
    named = {role for row in POWERS for role in row[0].split(", ")}
    assert named == {role for row in ROLES for role in row[0].split(", ")}
    for row in POWERS:
        assert len(row) == 4 or row[0] in ("methodologist", "nobody", "approver", "anyone"), row


def test_powers__are_functions_of_that_role():
    """R-45: what a row names as a power is a function that ROLES.md gives to that role."""
    given: dict[str, set[str]] = {}
    for _, functions, who, _ in RULES:
        for role in who.split(", "):
            given.setdefault(role, set()).update(re.findall(r"`(\w+)`", functions))
    # A module may do what SetToken's functions say; a locker is a module.
    for row in POWERS:
        allowed = set().union(*(given.get(role, set()) for role in row[0].split(", ")))
        assert set(re.findall(r"`(\w+)`", row[1])) <= allowed, row[0]


def test_powers__of_roles_that_can_do_something():
    """R-45: a role with functions of its own names at least one of them."""
    for row in POWERS:
        assert re.search(r"`\w+`", row[1]) or row[0] == "methodologist", row[0]


def test_delays__are_the_contracts():
    """R-45: days, hours, windows and shares in the text are those of the sources."""
    text = section(GOVERNANCE, "Who may do what, how fast")
    parties = "contracts/lib/two_parties.vy"
    assert f"{constant(parties, 'APPROVAL_PERIOD') // 86_400} days after the first" in text
    day = constant("contracts/dao/MetaGovernor.vy", "DAY")
    assert day == 24 * 3600
    assert "24 hours, or half of a vote shorter than two days" in text
    # Opened by end - 3/2 margin: the margin is a day, or half of a short vote.
    assert f"before {day * 3 // 2 // 3600} hours are left" in text
    assert "three quarters of a vote shorter than two days" in text
    (window,) = {
        int(found)
        for path in (ROOT / "indexkit").rglob("*.py")
        for found in re.findall(r"^GUARD_WINDOW_S = ([\d_]+)$", path.read_text(), re.M)
    }
    assert f"after a window ({window // 60} minutes in our deployments)" in text
    assert constant("contracts/lib/pair_history.vy", "MAX_WINDOWS") == 4
    assert "for at most four" in text


def test_no_contract_of_ours_locks():
    """R-45: as the row on lockers says."""
    for path in (ROOT / "contracts").rglob("*.vy"):
        assert ".lock(" not in path.read_text()


def test_diagrams__name_contracts_that_exist():
    """R-45: the diagram of calls has every contract but adapters, and no other; functions exist."""
    calls, trust = re.findall(r"^```text\n(.*?)^```", ARCHITECTURE, re.M | re.DOTALL)[:2]
    known = set(deployable(ROOT))
    adapters = {name for name, path in deployable(ROOT).items() if "adapters" in path.parts}
    named = set(re.findall(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b", calls)) | {"Controller"}
    assert named - {"SushiSwap"} == known - adapters
    assert set(re.findall(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b", trust)) <= known
    functions = (DOCS / "FUNCTIONS.md").read_text()
    for contract, function in re.findall(r"\b([A-Z]\w+)\.([a-z]\w+)\b", calls):
        assert re.search(rf"^## {contract}\n.*?^\| `{function}\(", functions, re.M | re.DOTALL)
