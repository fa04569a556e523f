"""Adapters that speak to model servers; nothing else in the house opens a connection outwards."""
