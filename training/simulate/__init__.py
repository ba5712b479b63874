"""The truth bench: a marketplace whose truth is known, simulated from what physically happened to every parcel.

Nothing but its command and tests imports it, and no product code reads the truth it writes.
"""
