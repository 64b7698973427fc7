# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title MethodologistBounty
@license MIT
@notice Shares 750,000 INDEX among those who wrote indices, month by month, by the fees their indices earn the house.
@dev See interfaces/IMethodologistBounty.vyi. It pays from its own balance: whoever deploys it sends it the total.
     Views are @reentrant: while a fee accrues they tell what was so before, and nothing else is called that
     could ask before everything is written.
"""

from contracts.lib import bounds
from contracts.lib import bounty_indices as indices
from contracts.lib import bounty_months as months
from contracts.lib import fee_value
from contracts.lib import ownable_two_step as ownable
from contracts.lib import precise_math as math
from contracts.lib import safe_token
from ethereum.ercs import IERC20
from interfaces import IMethodologistBounty

implements: IMethodologistBounty

initializes: months
initializes: indices[months := months]
initializes: ownable

exports: (
    months.settledMonths,
    months.carried,
    ownable.owner,
    ownable.pendingOwner,
    ownable.transferOwnership,
    ownable.acceptOwnership,
    ownable.renounceOwnership,
)

TOKEN: immutable(address)
TREASURY: immutable(address)


@deploy
def __init__(
    _token: address,
    _total: uint256,
    _begin: uint256,
    _treasury: address,
    _weth: address,
    _uniswapFactory: address,
    _feeModule: address,
):
    """
    @param _token INDEX
    @param _total {reward}, to be sent here
    @param _begin {s} of the first month
    @param _treasury Receives what nobody earns
    @param _uniswapFactory Of the pools that say what fees are worth
    """
    assert _token.is_contract, "Contract must exist"
    assert _treasury not in [empty(address), self, _token], "Treasury must be able to act"

    months.__init__(_total, _begin)
    indices.__init__(_weth, _uniswapFactory, _feeModule)
    ownable.__init__()
    TOKEN = _token
    TREASURY = _treasury


# ---------------------------------------------------------------- anyone


@external
def count(setToken: address):
    """
    @notice Have an index's fee accrue, and count what it brought since the last counting.
    @dev Anyone. What cannot accrue waits, and no longer than `GRACE` if plain accounts ask.
    """
    self._only_registered(setToken)

    indices._count(setToken, indices._is_outside())


@external
def settle() -> uint256:
    """
    @notice Count every index, fix the tranches of the months that are over, and pay the treasury in the end.
    @dev Anyone.
    @return How many months were settled; 0 too while an index waits to accrue
    """
    settled: uint256 = 0
    if months.settledMonths < months.MONTHS:
        settled = months._settle(indices._count_all())
    if months.settledMonths == months.MONTHS:
        self._pay_remainder()
    return settled


@external
def claim(month: uint256, methodologist: address) -> uint256:
    """
    @notice Pay a methodologist his part of a settled month, once.
    @dev Anyone.
    @return {reward} paid
    """
    amount: uint256 = months._take(month, methodologist)

    safe_token._push(TOKEN, methodologist, amount)

    log IMethodologistBounty.BountyPaid(month=month, methodologist=methodologist, amount=amount)
    return amount


# ---------------------------------------------------------------- owner


@external
def register(setToken: address, methodologist: address, share: uint256):
    """
    @notice Count an index's fees from now on, of which `share` D18{1} goes to the house.
    @dev Owner only. Look at who receives its fees and sets them, and at the depth of its pool.
    """
    ownable._only_owner()
    self._only_able(methodologist)
    self._only_share(share)

    pool: address = indices._add(setToken, methodologist, share)

    log IMethodologistBounty.IndexRegistered(
        setToken=setToken, methodologist=methodologist, share=share, pool=pool
    )


@external
def retire(setToken: address):
    """
    @notice Count an index for the last time; nothing counts until it is registered again.
    @dev Owner only.
    """
    ownable._only_owner()
    self._count_first(setToken)

    indices._remove(setToken)

    log IMethodologistBounty.IndexRetired(setToken=setToken)


@external
def setMethodologist(setToken: address, methodologist: address):
    """
    @notice Count for another methodologist from now on.
    @dev Owner only.
    """
    ownable._only_owner()
    self._only_able(methodologist)
    self._count_first(setToken)

    previous: address = indices.indices[setToken].entry.methodologist
    indices.indices[setToken].entry.methodologist = methodologist

    log IMethodologistBounty.MethodologistChanged(
        setToken=setToken, previous=previous, methodologist=methodologist
    )


@external
def setShare(setToken: address, share: uint256):
    """
    @notice Count `share` D18{1} of an index's fees from now on.
    @dev Owner only.
    """
    ownable._only_owner()
    self._only_share(share)
    self._count_first(setToken)

    indices.indices[setToken].entry.share = share

    log IMethodologistBounty.ShareChanged(setToken=setToken, share=share)


# ---------------------------------------------------------------- views


@external
@view
@reentrant
def token() -> address:
    return TOKEN


@external
@view
@reentrant
def treasury() -> address:
    return TREASURY


@external
@view
@reentrant
def weth() -> address:
    return indices.WETH


@external
@view
@reentrant
def feeModule() -> address:
    return indices.FEE_MODULE


@external
@view
@reentrant
def getIndices() -> DynArray[address, bounds.MAX_INDICES]:
    return indices.listed


@external
@view
@reentrant
def getEntry(setToken: address) -> IMethodologistBounty.Entry:
    """
    @notice As of the last counting; empty unless it is registered.
    """
    return indices.indices[setToken].entry


@external
@view
@reentrant
def contributed(setToken: address) -> uint256:
    """
    @notice {set} The house's part of an index's fees from its registration up to this block, rounded down: counted,
            accrued, and due.
    """
    index: indices.Index = indices.indices[setToken]
    if index.entry.methodologist == empty(address):
        return 0
    fees: uint256 = fee_value._accrued_and_due(indices.FEE_MODULE, setToken) - index.entry.accrued
    return (index.contributed + fees * index.entry.share) // math.PRECISE_UNIT


@external
@view
@reentrant
def begin() -> uint256:
    """
    @notice {s}
    """
    return months.BEGIN


@external
@view
@reentrant
def total() -> uint256:
    """
    @notice {reward}
    """
    return months.TOTAL


@external
@view
@reentrant
def getMonth(month: uint256) -> IMethodologistBounty.Month:
    return months.months[month]


@external
@view
@reentrant
def valueOf(month: uint256, methodologist: address) -> uint256:
    """
    @notice {WETH} counted so far, whether it was paid for or not.
    """
    return months.values[month][methodologist]


@external
@view
@reentrant
def claimable(month: uint256, methodologist: address) -> uint256:
    """
    @notice {reward} What `claim` would pay now.
    """
    return months._part(month, methodologist)[1]


@external
@view
@reentrant
def trancheOf(month: uint256) -> uint256:
    """
    @notice {reward} A month's own tranche, without what is carried to it; all together make the total.
    """
    return months._tranche(month)


# ---------------------------------------------------------------- internal


@internal
@view
def _only_registered(_set_token: address):
    registered: bool = indices.indices[_set_token].entry.methodologist != empty(address)
    assert registered, "Index not registered"


@internal
@view
def _only_able(_methodologist: address):
    assert _methodologist not in [empty(address), self, TOKEN], "Methodologist must be able to act"


@internal
@pure
def _only_share(_share: uint256):
    assert _share <= math.PRECISE_UNIT, "Share must be <= 100%"


@internal
def _count_first(_set_token: address):
    self._only_registered(_set_token)
    # The owner is trusted not to ask from inside of an operation of the index.
    assert indices._count(_set_token, True), "Fee cannot accrue"


@internal
def _pay_remainder():
    """
    @notice Pay the treasury what nobody is owed. If that fails, months are settled all the same, and a later call tries.
    """
    balance: uint256 = staticcall IERC20(TOKEN).balanceOf(self)
    amount: uint256 = balance - min(balance, months.owed)
    if amount == 0:
        return

    # The balance tells what came of it.
    _success: bool = raw_call(
        TOKEN,
        abi_encode(TREASURY, amount, method_id=method_id("transfer(address,uint256)")),
        max_outsize=0,
        revert_on_failure=False,
    )
    if staticcall IERC20(TOKEN).balanceOf(self) != balance - amount:
        return
    months.carried -= min(months.carried, amount)

    log IMethodologistBounty.RemainderPaid(treasury=TREASURY, amount=amount)
