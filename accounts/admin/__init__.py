"""Accounts in the two administrations: the company's own pages, and the operator's."""

from accounts import sign_in_admin
from accounts.admin import operator, trail, users

__all__ = ["operator", "sign_in_admin", "trail", "users"]
