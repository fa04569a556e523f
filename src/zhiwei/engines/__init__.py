"""Pure computation: functions and frozen dataclasses over arrays and text.

No Django, no network, no clock; randomness and time are passed in. Each engine can be used from a
notebook and speaks to others only through its package face (``zhiwei.engines.<name>``).
"""
