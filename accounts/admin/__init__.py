"""Accounts in the two administrations: the company's own pages, and the operator's."""

from accounts.admin import operator, trail, users

__all__ = ["operator", "trail", "users"]
