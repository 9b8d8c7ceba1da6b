"""Jobs, communities, consent texts and the ledger in the two administrations."""

from candidates.admin import groups, ledger, texts

__all__ = ["groups", "ledger", "texts"]
