"""Migrations as the tables' owner, then rights for the application's role, which owns nothing."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db import connection
from psycopg import sql


class Command(BaseCommand):
    help = "Migrates as the owner of the tables and gives the application's role its rights."

    def handle(self, *args: object, **options: object) -> None:
        call_command("migrate", interactive=False, verbosity=options.get("verbosity", 1))
        call_command("createcachetable")
        role = urlsplit(settings.DATABASE_URL).username
        owner = urlsplit(settings.DATABASE_OWNER_URL).username
        if role and role != owner:
            grant_rights(role)
            self.stdout.write(
                "The application has its rights; ledger, consent texts and audit trail it may only add to."
            )


def grant_rights(role: str) -> None:
    """Give a role what the application needs and no more: the consent ledger can only be added to (O11)."""
    statements = [
        "GRANT USAGE ON SCHEMA public TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "REVOKE UPDATE, DELETE, TRUNCATE ON candidates_consentevent FROM {role}",
        "REVOKE UPDATE, DELETE, TRUNCATE ON candidates_seal FROM {role}",
        "REVOKE UPDATE, DELETE, TRUNCATE ON candidates_sealedevent FROM {role}",
        "REVOKE DELETE, TRUNCATE ON candidates_consent FROM {role}",
        "REVOKE UPDATE, DELETE, TRUNCATE ON candidates_consenttext FROM {role}",
        "REVOKE UPDATE, DELETE, TRUNCATE ON accounts_auditentry FROM {role}",
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(sql.SQL(statement).format(role=sql.Identifier(role)))
