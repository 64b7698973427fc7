"""V-10: on the original a new recipient gets the fees that the old one earned.

Besides, a fee equal to the maximum is refused.
"""

from twins.stage import E18, ZERO

MAXIMUM, FEE = 10**17, 2 * 10**16
YEAR_S = 31_557_600


def earned(s):
    """Let the heir earn 2 % a year on 100 SetTokens."""
    s.create([s.dai], [E18], [s.issuance, s.streaming_fee])
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    s.streaming_fee.initialize(s.set, (s.heir, MAXIMUM, FEE, 0), by=s.manager)
    s.supply(s.issuer, s.issuance, ["dai"], 10**24)
    s.issuance.issue(s.set, 100 * E18, s.issuer, by=s.issuer)
    s.advance(YEAR_S)


def test_update_fee_recipient__fees_earned__the_original_diverts_them(on_both):
    """V-10, R-05: a year's fee of the heir goes to the stranger; ours pays the heir first."""

    def play(s):
        earned(s)
        s.streaming_fee.updateFeeRecipient(s.set, s.stranger, by=s.manager, differs="V-10")
        s.streaming_fee.accrueFee(s.set, by=s.stranger)
        return s.set.balanceOf.peek(s.heir), s.set.balanceOf.peek(s.stranger)

    original, ours = on_both(play)
    assert original == (0, 2_040_820_615_838_805_666)
    assert ours == (2_040_819_757_977_138_092, 840_704_405_708)


def test_update_streaming_fee__the_maximum__refused_by_the_original(on_both):
    """V-10, R-05: though a SetToken may be initialised with it."""

    def play(s):
        earned(s)
        refused = "Fee must be less than max"
        s.streaming_fee.updateStreamingFee(
            s.set, MAXIMUM, by=s.manager, reverts=refused, ours=None, differs="V-10"
        )
        return s.streaming_fee.feeStates.peek(s.set)[2]

    assert on_both(play) == (FEE, MAXIMUM)
