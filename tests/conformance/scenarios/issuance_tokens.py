"""BasicIssuanceModule: components that answer or move in odd ways."""

from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Handle, Stage
from twins.world import set_v2

INVALID = "Invalid post transfer balance"
LOW = "SafeERC20: low-level call failed"
FALSE = "SafeERC20: ERC20 operation did not succeed"
INVOKED = "Address: low-level call with value failed"


def holding(s: Stage, token: Handle) -> None:
    """Create a SetToken of a token and dai, and let the issuer issue 100."""
    token.approve(s.issuance, MAX_UINT, by=s.issuer)
    s.create([token, s.dai], [E18 // 2, E18], [s.issuance, s.module])
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    s.set.initializeModule(by=s.module)
    s.supply(s.issuer, s.issuance, ["dai"], 10**24)
    s.issuance.issue(s.set, 100 * E18, s.issuer, by=s.issuer)


def odd(s: Stage, decimals: int = 18) -> Handle:
    """Start with a token whose habits can be chosen."""
    token = s.deploy("odd", mock("OddToken"), decimals, 10**30)
    token.setBalance(s.issuer, 10**27, by=s.owner)
    holding(s, token)
    return token


def balances(s: Stage, token: Handle) -> None:
    """Ask what everybody has of a token that is not part of the market."""
    for holder in (s.set, s.issuer, s.heir):
        token.balanceOf(holder)


@scenario
def answers_nothing_or_a_lot(s: Stage) -> None:
    """Accept tokens that answer nothing, and those that answer more than a truth value."""
    token = odd(s, 6)
    for habit in ("returns nothing", "returns a lot", ""):
        token.adopt(habit, by=s.stranger)
        s.issuance.issue(s.set, E18 + 1, s.issuer, by=s.issuer)
        s.issuance.redeem(s.set, E18 + 1, s.heir, by=s.issuer)
        balances(s, token)


@scenario
def answers_false(s: Stage) -> None:
    """Refuse false when issuing; when redeeming the balance decides."""
    token = odd(s)
    token.adopt("returns false", by=s.stranger)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=FALSE)
    s.issuance.issue(s.set, E18, ZERO, by=s.issuer, reverts=FALSE)
    s.issuance.redeem(s.set, E18, s.heir, by=s.issuer)
    token.adopt("moves nothing, returns false", by=s.stranger)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=FALSE)
    s.issuance.redeem(s.set, E18, s.heir, by=s.issuer, reverts=INVALID)
    balances(s, token)


@scenario
def answers_no_truth_value(s: Stage) -> None:
    """Show D-24: a number above one, and a single byte; redeeming ignores both."""
    token = odd(s)
    for habit in ("returns two", "returns one byte"):
        token.adopt(habit, by=s.stranger)
        s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts="", ours=FALSE, differs="D-24")
        s.issuance.redeem(s.set, E18, s.heir, by=s.issuer)
        balances(s, token)


@scenario
def refuses_to_move(s: Stage) -> None:
    """Bubble a token's reason, and give the library's words where it has none."""
    token = odd(s)
    token.adopt("reverts without reason", by=s.stranger)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=LOW)
    s.issuance.redeem(s.set, E18, s.heir, by=s.issuer, reverts=INVOKED)
    token.adopt("reverts with a reason", by=s.stranger)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts="Transfers are paused")
    s.issuance.redeem(s.set, E18, s.heir, by=s.issuer, reverts="Transfers are paused")
    s.issuance.redeem(s.set, 1, s.heir, by=s.issuer)
    s.issuance.issue(s.set, 1, s.heir, by=s.issuer, reverts="Transfers are paused")


@scenario
def moves_another_amount(s: Stage) -> None:
    """Refuse whatever changes the SetToken's balance by anything but the quantity."""
    token = odd(s)
    for habit, issued, redeemed in (
        ("charges one more", None, INVALID),
        ("takes a fee", INVALID, None),
        ("gives one more", INVALID, None),
        ("moves nothing", INVALID, INVALID),
    ):
        token.adopt(habit, by=s.stranger)
        s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=issued)
        s.issuance.redeem(s.set, E18, s.heir, by=s.issuer, reverts=redeemed)
        balances(s, token)


@scenario
def balance_at_the_bound(s: Stage) -> None:
    """Refuse when the balance that is expected afterwards is no number."""
    token = odd(s)
    token.adopt("moves nothing", by=s.stranger)
    token.setBalance(s.set, MAX_UINT, by=s.stranger)
    overflow = "SafeMath: addition overflow"
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=overflow)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=INVALID)
    token.setBalance(s.set, 0, by=s.stranger)
    short = "SafeMath: subtraction overflow"
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=short)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=INVALID)


@scenario
def transfer_fee(s: Stage) -> None:
    """Refuse a token that keeps part of each transfer, as long as it does."""
    kind = set_v2("mocks/StandardTokenWithFeeMock")
    token = s.deploy("taxed", kind, s.issuer, 10**30, "Taxed", "TAX", 0)
    holding(s, token)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    token.setFee(1, by=s.stranger)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=INVALID)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=INVALID)
    s.issuance.redeem(s.set, 1, s.issuer, by=s.issuer)
    short = "SafeMath: subtraction overflow"
    token.setFee(E18, by=s.stranger)
    s.issuance.issue(s.set, 1, s.issuer, by=s.issuer, reverts=short)
    token.setFee(0, by=s.stranger)
    s.issuance.redeem(s.set, E18, ZERO, by=s.issuer, reverts=INVOKED)
    s.issuance.issue(s.set, E18, s.heir, by=s.heir, reverts="less than from")
    token.transfer(s.heir, E18, by=s.issuer)
    s.issuance.issue(s.set, E18, s.heir, by=s.heir, reverts="value less than allowed")
    s.issuance.redeem(s.set, E18, s.heir, by=s.issuer)
    balances(s, token)


@scenario
def balance_with_a_rounding_error(s: Stage) -> None:
    """Take a token whose balances read a little too high or too low, if always equally so."""
    kind = set_v2("mocks/StandardTokenWithRoundingErrorMock")
    token = s.deploy("rounded", kind, s.issuer, 10**30, 0, "Rounded", "RND", 18)
    holding(s, token)
    for error in (1, -1, 10**6, -(10**6)):
        token.setError(error, by=s.stranger)
        s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
        s.issuance.redeem(s.set, E18, s.heir, by=s.issuer)
    short = "SafeMath: subtraction overflow"
    s.issuance.redeem(s.set, 100 * E18, s.heir, by=s.issuer, reverts=short)
    token.setError(0, by=s.stranger)
    s.issuance.redeem(s.set, 100 * E18, s.heir, by=s.issuer)
    token.setError(-1, by=s.stranger)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=INVALID)
    balances(s, token)
