"""The gas of the original bytecode and of ours, of the same calls on the same chain."""
