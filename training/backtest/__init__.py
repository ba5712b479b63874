"""The wind tunnel: what another policy would have done with cases that are settled, as they were known then."""
