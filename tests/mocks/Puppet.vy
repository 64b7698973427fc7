# pragma version 0.4.3
"""
@title Puppet
@license MIT
@notice Does what it is told as a module, a manager or a target: many calls in one transaction, and
        prepared calls the next time somebody calls it.
"""

MAX_CALLS: constant(uint256) = 64
MAX_DATA: constant(uint256) = 2048

struct Call:
    target: address
    data: Bytes[MAX_DATA]

struct Outcome:
    success: bool
    answer: Bytes[MAX_DATA]

# What it does once, when called with anything it does not know.
prepared: DynArray[Call, 20]
# What came of that.
outcomes: DynArray[Outcome, 20]


@external
def execute(_calls: DynArray[Call, MAX_CALLS]) -> DynArray[Bytes[MAX_DATA], MAX_CALLS]:
    """
    @notice Make the calls one after the other and return the answers; a failure is passed on.
    """
    answers: DynArray[Bytes[MAX_DATA], MAX_CALLS] = []
    for call: Call in _calls:
        answers.append(raw_call(call.target, call.data, max_outsize=MAX_DATA))
    return answers


@external
def attempt(_calls: DynArray[Call, MAX_CALLS]) -> DynArray[Outcome, MAX_CALLS]:
    """
    @notice Make the calls one after the other, whatever comes of them.
    """
    outcomes: DynArray[Outcome, MAX_CALLS] = []
    for call: Call in _calls:
        outcomes.append(self._try(call))
    return outcomes


@external
def prepare(_calls: DynArray[Call, 20]):
    self.prepared = _calls


@external
@view
def getOutcomes() -> DynArray[Outcome, 20]:
    return self.outcomes


@external
@payable
def __default__():
    calls: DynArray[Call, 20] = self.prepared
    self.prepared = []
    for call: Call in calls:
        self.outcomes.append(self._try(call))


@internal
def _try(_call: Call) -> Outcome:
    success: bool = False
    answer: Bytes[MAX_DATA] = b""
    success, answer = raw_call(
        _call.target, _call.data, max_outsize=MAX_DATA, revert_on_failure=False
    )
    return Outcome(success=success, answer=answer)
