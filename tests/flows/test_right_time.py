"""A recruiter writes late in the evening of somebody else's day (V1)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Company
from tests.flows.conftest import Site
from tests.flows.stacks import Clock, demo_of_its_own
