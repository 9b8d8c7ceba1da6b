"""The consent ledger, looked through from its first event on: is it what was written?"""

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Company
from candidates import sealing


class Command(BaseCommand):
    help = "Recomputes the chain of each company's consent events. Ends with 1 where anything was changed."

    def handle(self, *args: object, **options: object) -> None:
        found = 0
        for company_id in Company.objects.order_by("pk").values_list("pk", flat=True):
            verdict = sealing.verify(company_id, now=timezone.now())
            found += len(verdict.problems)
            self.stdout.write(
                f"company {company_id}: {verdict.seals} seals, {verdict.events} events, {verdict.erased} of them "
                f"erased, {verdict.waiting} waiting, {len(verdict.problems)} problems"
            )
            for problem in verdict.problems:
                self.stderr.write(f"  {problem}")
        if found:
            raise CommandError("The consent ledger is not what was written.")
