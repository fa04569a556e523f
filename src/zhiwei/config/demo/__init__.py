"""The demo county: fictional, plausible, the same on every machine."""
