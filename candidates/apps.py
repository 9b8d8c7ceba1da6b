from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    """People, jobs, applications, communities, prospects, teams; consent and its ledger; the record pages."""

    name = "candidates"
