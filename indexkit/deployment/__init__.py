"""Deployments: declared in a file, planned, made step by step, recorded, resumed.

A declaration (TOML) and a network's venues make a plan: ordered steps with stable names. Steps are
made one after the other and written into a manifest before and after each transaction, so that a
deployment that was killed goes on where it stood.
"""
