"""StreamingFeeModule."""

from twins.scenario import scenario
from twins.stage import E18, ZERO, Stage

YEAR = 365 * 24 * 3600


def started(s: Stage) -> None:
    """Create a SetToken with a fee of 2 % a year and 100 of it issued."""
    s.create([s.usdc, s.dai], [10**6, E18], [s.issuance, s.streaming_fee, s.module])
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    s.streaming_fee.initialize(s.set, (s.heir, 10**17, 2 * 10**16, 0), by=s.manager)
    s.supply(s.issuer, s.issuance, ["usdc", "dai"], 10**24)
    s.issuance.issue(s.set, 100 * E18, s.issuer, by=s.issuer)


@scenario
def accrues(s: Stage) -> None:
    """A year later, and once more in the next block."""
    started(s)
    s.advance(YEAR)
    s.streaming_fee.getFee(s.set)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)


@scenario
def fee_may_equal_the_maximum(s: Stage) -> None:
    """V-10."""
    started(s)
    with s.aside():
        s.streaming_fee.updateStreamingFee(
            s.set,
            10**17,
            by=s.manager,
            reverts="Fee must be less than max",
            ours=None,
            differs="V-10",
        )
    s.issuance.redeem(s.set, E18, s.heir, by=s.issuer)
