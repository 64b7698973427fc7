# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title MerkleDistributor
@license MIT
@notice Pays one token to the accounts of published lists: an initial distribution, and cumulative epochs after it.
@dev See interfaces/IMerkleDistributor.vyi. Views are @reentrant: everything is written before a token is
     called.
"""

from contracts.lib import bounds
from contracts.lib import merkle_proof
from contracts.lib import ownable_two_step as ownable
from contracts.lib import precise_math as math
from contracts.lib import safe_token
from ethereum.ercs import IERC20
from interfaces import IMerkleDistributor

implements: IMerkleDistributor

initializes: ownable

exports: ownable.__interface__

TOKEN: immutable(address)
# Of the initial distribution. Wrong, and nobody on the list is paid, for ever.
MERKLE_ROOT: immutable(bytes32)

# index // 256 -> a bit for each index that was paid. Lost, a claim is paid twice.
claimedBits: HashMap[uint256, uint256]

# How many roots were published. Only told: nothing depends on it.
epoch: public(reentrant(uint256))
# Wrong, and epochs pay whom it names, out of the epochs' coins and no others.
epochRoot: public(reentrant(bytes32))
# {token} that was paid in for all epochs. Too small, and the owner pays some of it twice.
epochTotal: public(reentrant(uint256))
# {token} of it that no claim has taken yet, and all that epochs can pay. Too small, and the initial
# distribution pays from the epochs' coins; too large, and the other way round.
reserved: uint256
# {token} that epochs have paid to an account. Too small, and it is paid twice.
claimedEpochs: public(reentrant(HashMap[address, uint256]))


@deploy
def __init__(_token: address, _merkleRoot: bytes32):
    """
    @param _merkleRoot Of the initial distribution; zero if there is none
    """
    ownable.__init__()
    TOKEN = _token
    MERKLE_ROOT = _merkleRoot


# ---------------------------------------------------------------- anyone


@external
def claim(
    index: uint256,
    account: address,
    amount: uint256,
    merkleProof: DynArray[bytes32, bounds.MAX_PROOF],
):
    """
    @notice Pay an account what the initial distribution has for it: `amount` {token}, exactly.
    @dev Anyone.
    """
    word: uint256 = self.claimedBits[index >> 8]
    bit: uint256 = 1 << (index & 255)
    assert word & bit == 0, "MerkleDistributor: Drop already claimed."
    leaf: bytes32 = keccak256(
        concat(convert(index, bytes32), convert(account, bytes20), convert(amount, bytes32))
    )
    assert merkle_proof._root(leaf, merkleProof) == MERKLE_ROOT, "MerkleDistributor: Invalid proof."
    balance: uint256 = staticcall IERC20(TOKEN).balanceOf(self)
    reserved: uint256 = self.reserved
    funded: bool = reserved <= balance and amount <= balance - reserved
    assert funded, "Initial distribution must be funded"

    self.claimedBits[index >> 8] = word | bit

    self._pay(account, amount, balance)

    log IMerkleDistributor.Claimed(index=index, account=account, amount=amount)


@external
def claimEpochs(
    account: address, cumulative: uint256, proof: DynArray[bytes32, bounds.MAX_PROOF]
) -> uint256:
    """
    @notice Pay an account what it has earned in all epochs, less what epochs have paid it before.
    @dev Anyone.
    @param cumulative {token} as the latest root has it
    @return {token} paid
    """
    # The chain's id is asked for each time: after a split, one of the two chains has another one.
    leaf: bytes32 = keccak256(keccak256(abi_encode(chain.id, self, account, cumulative)))
    assert merkle_proof._root(leaf, proof) == self.epochRoot, "MerkleDistributor: Invalid proof."
    paid: uint256 = self.claimedEpochs[account]
    assert cumulative > paid, "Nothing left to claim"

    amount: uint256 = cumulative - paid
    reserved: uint256 = self.reserved
    assert amount <= reserved, "Epoch total must cover the claim"

    self.claimedEpochs[account] = cumulative
    self.reserved = reserved - amount

    self._pay(account, amount, staticcall IERC20(TOKEN).balanceOf(self))

    log IMerkleDistributor.EpochClaimed(
        epoch=self.epoch, account=account, amount=amount, cumulative=cumulative
    )
    return amount


# ---------------------------------------------------------------- owner


@external
def publishEpoch(root: bytes32, total: uint256) -> uint256:
    """
    @notice Make `root` the one that counts, and take from the owner what its `total` {token} adds.
    @dev Owner only. Tokens of which less arrives are refused.
    @return The epoch's number, from 1
    """
    ownable._only_owner()
    assert root != empty(bytes32), "Root must not be zero"
    before: uint256 = self.epochTotal
    assert total >= before, "Epoch total must not fall"

    added: uint256 = total - before
    epoch: uint256 = self.epoch + 1

    self.epoch = epoch
    self.epochRoot = root
    self.epochTotal = total
    self.reserved += added

    safe_token._pull(TOKEN, msg.sender, self, added)

    log IMerkleDistributor.EpochPublished(epoch=epoch, root=root, total=total, added=added)
    return epoch


# ---------------------------------------------------------------- views


@external
@view
@reentrant
def token() -> address:
    return TOKEN


@external
@view
@reentrant
def merkleRoot() -> bytes32:
    return MERKLE_ROOT


@external
@view
@reentrant
def isClaimed(index: uint256) -> bool:
    """
    @notice Whether the initial distribution has paid the claim of that index.
    """
    return self.claimedBits[index >> 8] & (1 << (index & 255)) != 0


@external
@view
@reentrant
def epochPaid() -> uint256:
    """
    @notice {token} that epochs have paid to all accounts together.
    """
    return self.epochTotal - self.reserved


# ---------------------------------------------------------------- internal


@internal
def _pay(_account: address, _amount: uint256, _before: uint256):
    """
    @param _before {token} that this contract has now
    @dev The original's reason for a token that answers false, which `safe_token` does not ask for.
    """
    accepted: bool = extcall IERC20(TOKEN).transfer(_account, _amount, default_return_value=True)
    assert accepted, "MerkleDistributor: Transfer failed."

    after: uint256 = staticcall IERC20(TOKEN).balanceOf(self)
    assert after == math.sub(_before, _amount), "Invalid post transfer balance"
