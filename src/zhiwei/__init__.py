"""Zhiwei 知微: from one pupil's answer to a province's decision."""

__version__ = "0.1.0"
