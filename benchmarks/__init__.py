"""Measured figures: each module prints one table and runs by `./zhiwei bench NAME`."""
