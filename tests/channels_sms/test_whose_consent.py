"""Consent belongs to a company, a channel and a number, and only the person lifts an opt-out (O10, O13)."""

import pytest
from django.test import Client
from django.urls import reverse

from candidates import consents
from candidates.consent_rules import EventKind, Source, Standing
from candidates.models import Consent, ConsentEvent
from channels_sms.models import Route
from inbox.models import Kind, Message, NoticeKind, UnmatchedReply
from inbox.outcomes import Reason, Refused
from smartmessage.seeding import *  # noqa: F403
