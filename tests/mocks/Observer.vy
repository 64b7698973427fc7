# pragma version 0.4.3
"""
@title Observer
@notice Remembers questions and answers all of them in one call: everything observable, at one price.
"""

struct Question:
    target: address
    data: Bytes[100]
    # Words of the answer that are kept; what is missing reads as zeros.
    words: uint256

questions: DynArray[Question, 768]


@external
def remember(_questions: DynArray[Question, 64]):
    for question: Question in _questions:
        self.questions.append(question)


@external
@view
def observe() -> DynArray[uint256, 2048]:
    """
    @notice Time and number of the block, then the answers in the order of the questions.
    """
    words: DynArray[uint256, 2048] = [block.timestamp, block.number]
    for question: Question in self.questions:
        answer: Bytes[512] = raw_call(
            question.target, question.data, max_outsize=512, is_static_call=True
        )
        for i: uint256 in range(question.words, bound=16):
            word: uint256 = 0
            if len(answer) >= 32 * (i + 1):
                word = extract32(answer, 32 * i, output_type=uint256)
            words.append(word)
    return words


@external
@view
def etherOf(_account: address) -> uint256:
    return _account.balance
