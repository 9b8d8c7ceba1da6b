"""The demo's data; a second run changes nothing."""

from django.core.management import BaseCommand

from smartmessage.seeding import seed


class Command(BaseCommand):
    help = "Makes the demo's companies, accounts and people, unless they are there."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write("The demo's people are here." if seed() else "The demo's people were here already.")
