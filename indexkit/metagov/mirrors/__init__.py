"""What contracts that hold INDEX owe to whom at the end of a block, from their events alone.

Each module has a function ``owners(contract, moment, voters)``: what each account could claim then
{INDEX base units}. It goes on to the latest block, and refuses events that do not add up to what
the contract itself tells there, in all and of each voter.
"""
