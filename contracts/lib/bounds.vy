# pragma version 0.4.3
"""
@title Bounds
@license MIT
@notice Every array and byte bound of the project, in one place.
@dev Interfaces import this file too: the compiler does not compare the bounds of an interface with
     those of its implementation. Memory is laid out by these bounds, so each of them is also a price
     (see docs/GAS.md). A value beyond its bound is refused, never cut.
"""

# Components of one SetToken.
MAX_COMPONENTS: constant(uint256) = 200
# Modules of one SetToken, pending and initialised, in the constructor and in `getModules`.
MAX_MODULES: constant(uint256) = 64
# External position modules of one component.
MAX_EXTERNAL_MODULES: constant(uint256) = 16
# Default plus external positions that `getPositions` can return.
MAX_POSITIONS: constant(uint256) = 256
# Positions of one page of a long list.
MAX_PAGE: constant(uint256) = 32
MAX_PAGES: constant(uint256) = MAX_COMPONENTS // MAX_PAGE + 1
# {bytes} of data attached to one external position.
MAX_POSITION_DATA: constant(uint256) = 512

# {bytes} of a name and a symbol (42 is the longest name seen on the original).
MAX_NAME: constant(uint256) = 64
MAX_SYMBOL: constant(uint256) = 32

# {bytes} of calldata a module may send through a SetToken: 8,192 of proposal data plus a selector. What
# comes back must be shorter than its bound, so that a full buffer never hides a cut.
MAX_PROPOSAL_DATA: constant(uint256) = 8192
MAX_INVOKE_DATA: constant(uint256) = MAX_PROPOSAL_DATA + 4
MAX_RETURN_DATA: constant(uint256) = 4096
# {bytes} of the extra data of a vote, and of the calldata of all that is no proposal: 33 words more.
MAX_VOTE_DATA: constant(uint256) = 1024
MAX_VOTE_CALL: constant(uint256) = MAX_VOTE_DATA + 32 * 33

# Entries of a Controller list that are returned at once; longer lists are read by index.
MAX_LIST: constant(uint256) = 1024
# Entries of one batch: controller initialisation, integrations, trader statuses.
MAX_BATCH: constant(uint256) = 64
# {bytes} of an integration's name.
MAX_INTEGRATION_NAME: constant(uint256) = 64

# Modules that are initialised while a SetToken is created, and {bytes} of the arguments of one, without the
# SetToken itself: the largest of Set V2 (NAV issuance) takes 20 words.
MAX_SETUPS: constant(uint256) = 16
MAX_SETUP_ARGUMENTS: constant(uint256) = 1024

# {bytes} of calldata that a manager contract sends: a rebalance of 200 components takes some 13,100.
MAX_CALL_DATA: constant(uint256) = 16384
# The same call as both parties make it: selector, target, and the data with offset and length.
MAX_AGREED_DATA: constant(uint256) = MAX_CALL_DATA + 100
# Calls of one batch of a manager contract, and {bytes} of each: a rebalance of 120 components.
MAX_CALLS: constant(uint256) = 8
MAX_BATCHED_DATA: constant(uint256) = 8192

# Segments of one vesting stream: four years by quarters.
MAX_SEGMENTS: constant(uint256) = 16
# Hashes of one Merkle proof: a list of 2^32 accounts.
MAX_PROOF: constant(uint256) = 32
# Indices that share the methodologist bounty at the same time: all are counted when a month is settled.
MAX_INDICES: constant(uint256) = 24
