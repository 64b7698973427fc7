"""SetToken as an ERC-20: transfers, allowances, minting and burning, permits (D-25)."""

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak
from twins.interface import Function
from twins.scenario import scenario
from twins.stage import E18, LARGEST_SUPPLY, MAX_UINT, ZERO, Stage

FROM_ZERO = "ERC20: transfer from the zero address"
TO_ZERO = "ERC20: transfer to the zero address"
TOO_MUCH = "ERC20: transfer amount exceeds balance"
NOT_ALLOWED = "ERC20: transfer amount exceeds allowance"
APPROVE_ZERO = "ERC20: approve to the zero address"


def held(s: Stage) -> None:
    """Create a Set of which the issuer holds 100."""
    s.create([s.dai], [E18], [s.module, s.issuance])
    s.set.initializeModule(by=s.module)
    s.set.mint(s.issuer, 100 * E18, by=s.module)


@scenario
def transfers(s: Stage) -> None:
    """Transfer a part, nothing, the rest, to oneself, to the Set, and to a contract."""
    held(s)
    s.set.transfer(s.heir, 40 * E18, by=s.issuer)
    s.set.transfer(s.heir, 0, by=s.issuer)
    s.set.transfer(s.heir, 0, by=s.stranger)
    s.set.transfer(s.issuer, 60 * E18, by=s.issuer)
    s.set.transfer(s.set, 10 * E18, by=s.issuer)
    s.set.transfer(s.controller, 50 * E18, by=s.issuer)
    s.set.transfer(s.stranger, 40 * E18, by=s.heir)
    s.set.balanceOf(s.set)
    s.set.balanceOf(s.controller)
    s.set.balanceOf(ZERO)


@scenario
def transfers_are_refused(s: Stage) -> None:
    """Transfer too much, and to and from nobody."""
    held(s)
    s.set.transfer(s.heir, 100 * E18 + 1, by=s.issuer, reverts=TOO_MUCH)
    s.set.transfer(s.heir, MAX_UINT, by=s.issuer, reverts=TOO_MUCH)
    s.set.transfer(s.heir, 1, by=s.stranger, reverts=TOO_MUCH)
    s.set.transfer(s.issuer, 100 * E18 + 1, by=s.issuer, reverts=TOO_MUCH)
    s.set.transfer(ZERO, 1, by=s.issuer, reverts=TO_ZERO)
    s.set.transfer(ZERO, 0, by=s.issuer, reverts=TO_ZERO)
    s.set.transfer(ZERO, MAX_UINT, by=s.stranger, reverts=TO_ZERO)
    s.set.transfer(s.heir, 0, by=ZERO, reverts=FROM_ZERO)
    s.set.transfer(ZERO, 0, by=ZERO, reverts=FROM_ZERO)


@scenario
def allowances_fall(s: Stage) -> None:
    """Approve and spend: an unlimited allowance falls too; each rest is announced."""
    held(s)
    s.set.approve(s.trader, 30 * E18, by=s.issuer)
    s.set.transferFrom(s.issuer, s.heir, 10 * E18, by=s.trader)
    s.set.allowance(s.issuer, s.trader)
    s.set.transferFrom(s.issuer, s.heir, 20 * E18, by=s.trader)
    s.set.approve(s.trader, MAX_UINT, by=s.issuer)
    s.set.transferFrom(s.issuer, s.trader, 20 * E18, by=s.trader)
    s.set.allowance(s.issuer, s.trader)
    s.set.approve(s.trader, 0, by=s.issuer)
    s.set.transferFrom(s.issuer, s.heir, 0, by=s.trader)
    s.set.transferFrom(s.stranger, s.heir, 0, by=s.keeper)
    s.set.allowance(s.stranger, s.keeper)


@scenario
def one_may_be_ones_own_spender(s: Stage) -> None:
    """Approve oneself; without that not even the holder can use transferFrom."""
    held(s)
    s.set.transferFrom(s.issuer, s.heir, 1, by=s.issuer, reverts=NOT_ALLOWED)
    s.set.approve(s.issuer, 5, by=s.issuer)
    s.set.transferFrom(s.issuer, s.issuer, 2, by=s.issuer)
    s.set.transferFrom(s.issuer, s.heir, 3, by=s.issuer)
    s.set.allowance(s.issuer, s.issuer)


@scenario
def spending_is_refused(s: Stage) -> None:
    """Break the rules of transferFrom, alone and together: balances come before allowances."""
    held(s)
    s.set.approve(s.trader, 10, by=s.issuer)
    s.set.approve(s.trader, MAX_UINT, by=s.stranger)
    s.set.transferFrom(s.issuer, s.heir, 11, by=s.trader, reverts=NOT_ALLOWED)
    s.set.transferFrom(s.issuer, s.heir, 1, by=s.keeper, reverts=NOT_ALLOWED)
    s.set.transferFrom(s.stranger, s.heir, 1, by=s.trader, reverts=TOO_MUCH)
    s.set.transferFrom(s.issuer, s.heir, MAX_UINT, by=s.trader, reverts=TOO_MUCH)
    s.set.transferFrom(s.issuer, ZERO, 1, by=s.trader, reverts=TO_ZERO)
    s.set.transferFrom(s.issuer, ZERO, MAX_UINT, by=s.trader, reverts=TO_ZERO)
    s.set.transferFrom(ZERO, s.heir, 0, by=s.trader, reverts=FROM_ZERO)
    s.set.transferFrom(ZERO, ZERO, 1, by=s.trader, reverts=FROM_ZERO)
    s.set.transferFrom(s.issuer, s.heir, 0, by=ZERO, reverts=APPROVE_ZERO)


@scenario
def allowances_are_changed_in_steps(s: Stage) -> None:
    """Increase and decrease, to the largest number and to nothing."""
    held(s)
    s.set.increaseAllowance(s.trader, 5, by=s.issuer)
    s.set.increaseAllowance(s.trader, MAX_UINT - 5, by=s.issuer)
    s.set.increaseAllowance(s.trader, 1, by=s.issuer, reverts="SafeMath: addition overflow")
    s.set.increaseAllowance(s.trader, 0, by=s.issuer)
    s.set.allowance(s.issuer, s.trader)
    s.set.decreaseAllowance(s.trader, MAX_UINT - 3, by=s.issuer)
    below = "ERC20: decreased allowance below zero"
    s.set.decreaseAllowance(s.trader, 4, by=s.issuer, reverts=below)
    s.set.decreaseAllowance(s.trader, 3, by=s.issuer)
    s.set.decreaseAllowance(s.trader, 0, by=s.issuer)
    s.set.decreaseAllowance(s.trader, 1, by=s.issuer, reverts=below)
    s.set.allowance(s.issuer, s.trader)


@scenario
def nobody_cannot_be_approved(s: Stage) -> None:
    """Approve the zero address in all three ways, and approve as the zero address."""
    held(s)
    s.set.approve(ZERO, 1, by=s.issuer, reverts=APPROVE_ZERO)
    s.set.approve(ZERO, 0, by=s.issuer, reverts=APPROVE_ZERO)
    s.set.increaseAllowance(ZERO, 1, by=s.issuer, reverts=APPROVE_ZERO)
    s.set.decreaseAllowance(ZERO, 0, by=s.issuer, reverts=APPROVE_ZERO)
    below = "ERC20: decreased allowance below zero"
    s.set.decreaseAllowance(ZERO, 1, by=s.issuer, reverts=below)
    for function in ("approve", "increaseAllowance", "decreaseAllowance"):
        reason = "ERC20: approve from the zero address"
        getattr(s.set, function)(s.heir, 0, by=ZERO, reverts=reason)
        getattr(s.set, function)(ZERO, 0, by=ZERO, reverts=reason)


@scenario
def modules_mint_and_burn(s: Stage) -> None:
    """Mint to anybody and burn from anybody, nothing included; D-35: up to the largest supply."""
    held(s)
    s.set.mint(s.heir, 0, by=s.module)
    s.set.mint(s.heir, LARGEST_SUPPLY - 100 * E18, by=s.module)
    s.set.totalSupply()
    overflow = "SafeMath: addition overflow"
    with s.aside():
        s.set.mint(s.heir, 1, by=s.module, ours=overflow, differs="D-35")
    s.set.mint(s.stranger, MAX_UINT, by=s.module, reverts=overflow)
    s.set.mint(s.stranger, 0, by=s.module)
    s.set.transfer(s.issuer, LARGEST_SUPPLY - 100 * E18, by=s.heir)
    s.set.burn(s.issuer, LARGEST_SUPPLY, by=s.module)
    s.set.burn(s.stranger, 0, by=s.module)
    s.set.mint(s.set, 5, by=s.module)
    s.set.burn(s.set, 5, by=s.module)


@scenario
def minting_and_burning_are_refused(s: Stage) -> None:
    """Mint to nobody, burn from nobody, burn what is not there."""
    held(s)
    s.set.mint(ZERO, 1, by=s.module, reverts="ERC20: mint to the zero address")
    s.set.mint(ZERO, MAX_UINT, by=s.module, reverts="ERC20: mint to the zero address")
    s.set.burn(ZERO, 0, by=s.module, reverts="ERC20: burn from the zero address")
    s.set.burn(ZERO, 1, by=s.module, reverts="ERC20: burn from the zero address")
    above = "ERC20: burn amount exceeds balance"
    s.set.burn(s.issuer, 100 * E18 + 1, by=s.module, reverts=above)
    s.set.burn(s.stranger, 1, by=s.module, reverts=above)
    for actor in (s.manager, s.issuer, s.owner, s.stranger):
        s.set.mint(actor, 1, by=actor, reverts="Only the module can call")
        s.set.burn(s.issuer, 1, by=actor, reverts="Only the module can call")
    s.set.mint(ZERO, 1, by=s.stranger, reverts="Only the module can call")


@scenario
def ether_and_cut_data_are_refused(s: Stage) -> None:
    """Send ether along, cut an argument off, soil an address, append a byte."""
    held(s)
    s.set.transfer(s.heir, 1, by=s.issuer, value=1, reverts="")
    s.set.approve(s.heir, 1, by=s.issuer, value=1, reverts="")
    s.set.mint(s.heir, 1, by=s.module, value=1, reverts="")
    data = s.set.transfer.data(s.heir, 1)
    s.send_raw(s.set, data[:-1], by=s.issuer, reverts="")
    s.send_raw(s.set, data[:4] + b"\x01" + data[5:], by=s.issuer, reverts="")
    s.send_raw(s.set, data + b"\x01", by=s.issuer)


PERMIT = Function(
    "permit",
    ("address", "address", "uint256", "uint256", "uint8", "bytes32", "bytes32"),
    (),
    is_view=False,
)
NONCES = Function("nonces", ("address",), ("uint256",), is_view=True)


def permit(s: Stage, deadline: int) -> bytes:
    """Return the data of a permit over 7 from an account whose key is known to the heir."""
    account = Account.from_key(keccak(text="conformance"))
    domain = {
        "name": "Twin",
        "version": "1",
        "chainId": int(s._node.ask("eth_chainId"), 16),
        "verifyingContract": s.set.address,
    }
    fields = {"owner": "address", "spender": "address"} | dict.fromkeys(
        ("value", "nonce", "deadline"), "uint256"
    )
    types = {"Permit": [{"name": name, "type": kind} for name, kind in fields.items()]}
    values = (account.address, s.heir, 7, 0, deadline)
    message = encode_typed_data(domain, types, dict(zip(fields, values, strict=True)))
    signed = account.sign_message(message)
    r, rest = signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big")
    return PERMIT.encode((account.address, s.heir, 7, deadline, signed.v, r, rest))


@scenario
def permit_is_known_to_ours_only(s: Stage) -> None:
    """D-25: the signature is for one address, so it is sent after a call that shows the id."""
    held(s)
    signer = Account.from_key(keccak(text="conformance")).address
    s.set.transfer(signer, 7, by=s.issuer)
    with s.aside():
        s.send_raw(
            s.set, NONCES.encode((signer,)), by=s.heir, reverts="", ours=None, differs="D-25"
        )
        data = permit(s, MAX_UINT)
        s.send_raw(s.set, data, by=s.stranger, reverts="", ours=None)
        assert s.set.allowance(signer, s.heir) == (7 if s.world.has_our_sets else 0)
        s.set.transferFrom(signer, s.heir, 7, by=s.heir, reverts=NOT_ALLOWED, ours=None)
        s.send_raw(s.set, data, by=s.stranger, reverts="", ours="Invalid signature")
    s.set.transferFrom(signer, s.heir, 7, by=s.heir, reverts=NOT_ALLOWED)


@scenario
def bad_permits_are_refused_with_a_reason(s: Stage) -> None:
    """D-25: expired, unsigned, and signed with the other half of the curve."""
    held(s)
    past, now, empty, high = 1, MAX_UINT, b"\x00" * 32, b"\xff" * 32
    for deadline, half, reason in (
        (past, empty, "Permit expired"),
        (past, high, "Permit expired"),
        (now, empty, "Invalid signature"),
        (now, high, "Invalid signature"),
    ):
        data = PERMIT.encode((ZERO, s.heir, 7, deadline, 27, half, half))
        s.send_raw(s.set, data, by=s.heir, reverts="", ours=reason, differs="D-25")


@scenario
def domain_is_known_to_ours_only(s: Stage) -> None:
    """D-25: what a signature is made for."""
    held(s)
    domain = Function("DOMAIN_SEPARATOR", (), ("bytes32",), is_view=True)
    with s.aside():
        s.send_raw(s.set, domain.encode(()), by=s.heir, reverts="", ours=None, differs="D-25")
