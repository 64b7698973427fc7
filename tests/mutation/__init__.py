"""Mutation testing of the contracts: change one place, and see whether a test notices."""
