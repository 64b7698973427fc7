# pragma version 0.4.3
# pragma nonreentrancy on
# pragma optimize gas
"""
@title SetTokenShell
@license MIT
@notice What each product deploys of SetToken: ERC-20 and the work of the house's modules; all else is SetToken's.
@dev A whole SetToken is 24 kB of code, this is 16 kB: what is called every day is here, built of the same library
     modules, so that it costs what it costs in SetToken; a call of anything else runs SetToken's code
     (DELEGATECALL) on this contract's state. Both initialise the same modules in the same order, so that they agree
     about the state; a test compares the two layouts. LOGIC is code: it never changes.
"""

from contracts.lib import bounds
from contracts.lib import erc20
from contracts.lib import erc20_permit
from contracts.lib import external_positions
from contracts.lib import module_book
from contracts.lib import module_lock
from contracts.lib import position_book
from contracts.lib import position_scale
from contracts.lib import set_actions
from contracts.lib import set_manager
from contracts.lib import set_word
from interfaces import IController

initializes: erc20
initializes: erc20_permit[erc20 := erc20]
initializes: module_book
initializes: set_word
initializes: module_lock[module_book := module_book, set_word := set_word]
initializes: position_scale[set_word := set_word]
initializes: position_book[scale := position_scale, set_word := set_word]
initializes: external_positions[book := position_book, scale := position_scale]
initializes: set_actions[
    erc20 := erc20,
    external_positions := external_positions,
    module_lock := module_lock,
    position_book := position_book,
    position_scale := position_scale,
    set_word := set_word,
]
initializes: set_manager[module_book := module_book, module_lock := module_lock]

exports: (
    erc20.allowance,
    erc20.approve,
    erc20.balanceOf,
    erc20.decimals,
    erc20.name,
    erc20.symbol,
    erc20.transfer,
    erc20.transferFrom,
)
exports: (module_book.isInitializedModule, module_book.isPendingModule)
exports: (module_lock.hold, module_lock.release)
exports: (position_book.getComponents, position_book.getPositionPage)
exports: (
    set_actions.burn,
    set_actions.editPositionMultiplier,
    set_actions.getTradeUnits,
    set_actions.invoke,
    set_actions.mint,
    set_actions.swapAtPair,
    set_actions.transferPositions,
)
exports: (set_manager.initializeModule, set_manager.manager)
exports: set_word.__interface__

# {bytes} What SetToken's functions return at most, and what getPositions does: a bound is paid for as memory.
MAX_ANSWER: constant(uint256) = 32 * (2 + bounds.MAX_COMPONENTS)
MAX_POSITION: constant(uint256) = 32 * 7 + bounds.MAX_POSITION_DATA
MAX_LONG_ANSWER: constant(uint256) = 32 * 2 + bounds.MAX_POSITIONS * MAX_POSITION

GET_POSITIONS: constant(bytes4) = method_id("getPositions()", output_type=bytes4)

# A SetToken of no components and no modules; its code acts on this contract's state.
LOGIC: immutable(address)


@deploy
def __init__(
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _units: DynArray[int256, bounds.MAX_COMPONENTS],
    _modules: DynArray[address, bounds.MAX_MODULES],
    _controller: IController,
    _manager: address,
    _name: String[bounds.MAX_NAME],
    _symbol: String[bounds.MAX_SYMBOL],
    _logic: address,
):
    """
    @dev As SetToken's. SetTokenCreator knows `_logic`.
    """
    LOGIC = _logic
    erc20.__init__(_name, _symbol)
    module_book.__init__(_modules)
    module_lock.__init__(_controller)
    set_manager.__init__(_manager)
    set_word.__init__()
    position_book.__init__(_components, _units)


@external
@payable
@reentrant
@raw_return
def __default__() -> Bytes[MAX_LONG_ANSWER]:
    """
    @notice Accept plain ETH; anything else is answered by SetToken's code.
    """
    if len(msg.data) == 0:
        return b""
    if len(msg.data) >= 4 and convert(slice(msg.data, 0, 4), bytes4) == GET_POSITIONS:
        return raw_call(LOGIC, msg.data, max_outsize=MAX_LONG_ANSWER, is_delegate_call=True)
    return raw_call(LOGIC, msg.data, max_outsize=MAX_ANSWER, is_delegate_call=True)
