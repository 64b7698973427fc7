# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title IndexToken
@license MIT
@notice INDEX: ten million votes that are transferred, delegated, and counted at past blocks.
@dev See interfaces/IIndexToken.vyi. Nothing is ever minted or burnt, so no sum of balances or votes exceeds the
     supply, nor 96 bits. Nothing calls out, so every function is @reentrant: a lock would only make it dearer.
"""

from contracts.lib import erc20_permit
from contracts.lib import vote_history
from interfaces import IIndexToken

implements: IIndexToken

initializes: vote_history

exports: (vote_history.checkpoints, vote_history.numCheckpoints)

name: public(reentrant(constant(String[5]))) = "Index"
symbol: public(reentrant(constant(String[5]))) = "INDEX"
decimals: public(reentrant(constant(uint8))) = 18
# {INDEX}
totalSupply: public(reentrant(constant(uint256))) = 10_000_000 * 10**18

MAX_UINT96: constant(uint256) = 2**96 - 1

# Without a version, as signatures for the original have it; see the interface.
DOMAIN_TYPEHASH: public(reentrant(constant(bytes32))) = keccak256(
    "EIP712Domain(string name,uint256 chainId,address verifyingContract)"
)
DELEGATION_TYPEHASH: public(reentrant(constant(bytes32))) = keccak256(
    "Delegation(address delegatee,uint256 nonce,uint256 expiry)"
)
# EIP-5267: the domain has the first, third and fourth of its five fields.
DOMAIN_FIELDS: constant(bytes1) = 0x0d

# The block since which there is a supply.
BIRTH: immutable(uint256)

# holder -> delegate << 96 | balance {INDEX}: a transfer reads two words instead of four. A sum beyond 96 bits
# would change the delegate.
holdings: HashMap[address, uint256]

# {INDEX} owner -> spender; 2^96 - 1 never falls
allowance: public(reentrant(HashMap[address, HashMap[address, uint256]]))

# Signatures used up, of both kinds: each nonce is good once.
nonces: public(reentrant(HashMap[address, uint256]))


@deploy
def __init__(account: address):
    """
    @param account Who gets everything
    """
    BIRTH = block.number
    self.holdings[account] = totalSupply

    log IIndexToken.Transfer(sender=empty(address), receiver=account, amount=totalSupply)


# ---------------------------------------------------------------- holders


@external
@reentrant
def transfer(dst: address, rawAmount: uint256) -> bool:
    """
    @notice Send `rawAmount` {INDEX}, and the votes with it.
    @dev Anyone, up to his balance.
    """
    assert rawAmount <= MAX_UINT96, "INDEX.transfer: amount exceeds 96 bits"
    self._transfer(msg.sender, dst, rawAmount)
    return True


@external
@reentrant
def approve(spender: address, rawAmount: uint256) -> bool:
    """
    @notice Let `spender` send up to `rawAmount` {INDEX}; 2^256 - 1 and 2^96 - 1 never fall.
    @dev Anyone.
    """
    self._approve(msg.sender, spender, rawAmount)
    return True


@external
@reentrant
def delegate(delegatee: address):
    """
    @notice Let the caller's balance count for `delegatee` from now on; for nobody, if zero.
    @dev Anyone.
    """
    self._delegate(msg.sender, delegatee)


# ---------------------------------------------------------------- spenders


@external
@reentrant
def transferFrom(src: address, dst: address, rawAmount: uint256) -> bool:
    """
    @notice Send `rawAmount` {INDEX} of `src`.
    @dev A spender, up to his allowance, or the holder himself without one.
    """
    # The original's reason.
    assert rawAmount <= MAX_UINT96, "INDEX.approve: amount exceeds 96 bits"
    if msg.sender != src:
        allowed: uint256 = self.allowance[src][msg.sender]
        if allowed != MAX_UINT96:
            assert (
                rawAmount <= allowed
            ), "INDEX.transferFrom: transfer amount exceeds spender allowance"
            self._set_allowance(src, msg.sender, unsafe_sub(allowed, rawAmount))
    self._transfer(src, dst, rawAmount)
    return True


# ---------------------------------------------------------------- signatures


@external
@reentrant
def delegateBySig(
    delegatee: address, nonce: uint256, expiry: uint256, v: uint8, r: bytes32, s: bytes32
):
    """
    @notice Delegate as the signer wishes.
    @dev Anyone may submit it. `expiry` {s} is the last moment at which it is good. Malleable twins are taken, as
         in the original: whichever comes first uses up the nonce.
    """
    digest: bytes32 = self._digest(
        keccak256(abi_encode(DELEGATION_TYPEHASH, delegatee, nonce, expiry))
    )
    signer: address = ecrecover(digest, v, r, s)
    assert signer != empty(address), "INDEX.delegateBySig: invalid signature"
    assert nonce == self.nonces[signer], "INDEX.delegateBySig: invalid nonce"
    assert block.timestamp <= expiry, "INDEX.delegateBySig: signature expired"

    self.nonces[signer] = unsafe_add(nonce, 1)
    self._delegate(signer, delegatee)


@external
@reentrant
def permit(
    owner: address, spender: address, amount: uint256, deadline: uint256, v: uint8, r: bytes32, s: bytes32
):
    """
    @notice Approve by signature (EIP-2612).
    @dev Anyone may submit it. `deadline` {s} is the last moment at which it is good.
    """
    assert block.timestamp <= deadline, "Permit expired"
    assert convert(s, uint256) <= erc20_permit.MAX_SIGNATURE_S, "Invalid signature"
    nonce: uint256 = self.nonces[owner]
    digest: bytes32 = self._digest(
        keccak256(abi_encode(erc20_permit.PERMIT_TYPEHASH, owner, spender, amount, nonce, deadline))
    )
    signer: address = ecrecover(digest, v, r, s)
    assert signer != empty(address) and signer == owner, "Invalid signature"

    self.nonces[owner] = unsafe_add(nonce, 1)
    self._approve(owner, spender, amount)


# ---------------------------------------------------------------- views


@external
@view
@reentrant
def balanceOf(account: address) -> uint256:
    """
    @notice {INDEX}
    """
    return self.holdings[account] & MAX_UINT96


@external
@view
@reentrant
def delegates(account: address) -> address:
    """
    @notice For whom the balance counts; zero if for nobody.
    """
    return self._delegate_of(self.holdings[account])


@external
@view
@reentrant
def getCurrentVotes(account: address) -> uint96:
    """
    @notice {INDEX} Votes now.
    """
    return convert(vote_history._current_votes(account), uint96)


@external
@view
@reentrant
def getVotes(account: address) -> uint256:
    """
    @notice {INDEX} `getCurrentVotes`, by its name in ERC-5805.
    """
    return vote_history._current_votes(account)


@external
@view
@reentrant
def getPriorVotes(account: address, blockNumber: uint256) -> uint96:
    """
    @notice {INDEX} Votes at the end of a past block.
    """
    return convert(vote_history._prior_votes(account, blockNumber), uint96)


@external
@view
@reentrant
def getPastVotes(account: address, timepoint: uint256) -> uint256:
    """
    @notice {INDEX} `getPriorVotes`, by its name in ERC-5805.
    """
    return vote_history._prior_votes(account, timepoint)


@external
@view
@reentrant
def getPastTotalSupply(timepoint: uint256) -> uint256:
    """
    @notice {INDEX} Supply at the end of a past block, delegated or not; 0 before there was a token.
    """
    vote_history._check_past(timepoint)
    return totalSupply if timepoint >= BIRTH else 0


@external
@view
@reentrant
def clock() -> uint48:
    """
    @notice What votes are counted by (ERC-6372): the block number.
    """
    return convert(block.number, uint48)


@external
@view
@reentrant
def CLOCK_MODE() -> String[32]:
    """
    @notice What `clock` returns (ERC-6372).
    """
    return "mode=blocknumber&from=default"


@external
@view
@reentrant
def DOMAIN_SEPARATOR() -> bytes32:
    """
    @notice The EIP-712 domain of both kinds of signatures, for the chain it is asked on.
    """
    return self._domain_separator()


@external
@view
@reentrant
def eip712Domain() -> (bytes1, String[5], String[1], uint256, address, bytes32, DynArray[uint256, 1]):
    """
    @notice The same, field by field (EIP-5267): there is no version and no salt.
    """
    return DOMAIN_FIELDS, name, "", chain.id, self, empty(bytes32), []


# ---------------------------------------------------------------- internal


@internal
def _transfer(_src: address, _dst: address, _amount: uint256):
    assert _src != empty(address), "INDEX._transferTokens: cannot transfer from the zero address"
    assert _dst != empty(address), "INDEX._transferTokens: cannot transfer to the zero address"
    source: uint256 = self.holdings[_src]
    assert (
        _amount <= source & MAX_UINT96
    ), "INDEX._transferTokens: transfer amount exceeds balance"

    # Neither borrows from nor carries into the delegate. The second is read after the first is written:
    # they may be the same.
    self.holdings[_src] = unsafe_sub(source, _amount)
    target: uint256 = self.holdings[_dst]
    self.holdings[_dst] = unsafe_add(target, _amount)

    log IIndexToken.Transfer(sender=_src, receiver=_dst, amount=_amount)

    vote_history._move(self._delegate_of(source), self._delegate_of(target), _amount)


@internal
def _approve(_owner: address, _spender: address, _amount: uint256):
    amount: uint256 = MAX_UINT96
    if _amount != max_value(uint256):
        assert _amount <= MAX_UINT96, "INDEX.approve: amount exceeds 96 bits"
        amount = _amount
    self._set_allowance(_owner, _spender, amount)


@internal
def _set_allowance(_owner: address, _spender: address, _amount: uint256):
    self.allowance[_owner][_spender] = _amount

    log IIndexToken.Approval(owner=_owner, spender=_spender, amount=_amount)


@internal
def _delegate(_delegator: address, _delegatee: address):
    holding: uint256 = self.holdings[_delegator]
    balance: uint256 = holding & MAX_UINT96
    before: address = self._delegate_of(holding)

    self.holdings[_delegator] = convert(_delegatee, uint256) << 96 | balance

    log IIndexToken.DelegateChanged(
        delegator=_delegator, fromDelegate=before, toDelegate=_delegatee
    )

    vote_history._move(before, _delegatee, balance)


@internal
@pure
def _delegate_of(_holding: uint256) -> address:
    return convert(_holding >> 96, address)


@internal
@view
def _digest(_message: bytes32) -> bytes32:
    return keccak256(concat(x"1901", self._domain_separator(), _message))


@internal
@view
def _domain_separator() -> bytes32:
    return keccak256(abi_encode(DOMAIN_TYPEHASH, keccak256(name), chain.id, self))
