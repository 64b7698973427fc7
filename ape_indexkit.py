"""Ape plugin of this project: filled in by indexkit.localnet.provider."""
