from collections.abc import Sequence
from uuid import UUID

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PlatformAdminConfig(AdminConfig):
    """The operator's administration, behind the same door as everything else."""

    default_site = "accounts.sites.PlatformSite"


class SmartMessageConfig(AppConfig):
    """The composition root: joins rooms that may not know each other."""

    name = "smartmessage"

    def ready(self) -> None:
        from accounts import changes, seats
        from candidates import contact
        from candidates.models import Candidate, ConsentEvent
        from candidates.public import submissions, withdrawals
        from channels_sms import opt_outs
        from channels_sms import webhooks as sms
        from channels_whatsapp import receiving as whatsapp_receiving
        from channels_whatsapp import webhooks as whatsapp
        from inbox import delivery, live, receiving, sending
        from inbox.models import Conversation
        from twilio_gateway import status_callbacks, webhooks
        from twilio_gateway.models import WebhookKind

        def report(attempt: UUID | None, sid: str, word: str, code: int | None) -> bool:
            return delivery.report_status(attempt_uuid=attempt, provider_id=sid, word=word, error_code=code)

        def refresh(people: Sequence[Candidate]) -> None:
            receiving.refresh_pages(Conversation.objects.of_people(people).values_list("pk", flat=True))

        def concerned_by(company_id: int, address: str) -> set[int]:
            return opt_outs.conversations_of(company_id, address) | whatsapp_receiving.conversations_of(
                company_id, [address]
            )

        def show_consent(person: Candidate, number: str) -> None:
            own = Conversation.objects.of_people([person]).values_list("pk", flat=True)
            receiving.refresh_pages({*own, *concerned_by(person.company_id, number)})

        def announce_withdrawal(event: ConsentEvent) -> None:
            consent = event.consent
            concerned = concerned_by(consent.company_id, consent.address)
            receiving.announce_consent(event, channel=consent.channel, conversation_ids=concerned, heard_in=None)

        contact.when_changed(refresh)
        submissions.when_agreed(show_consent)
        withdrawals.when_withdrawn(announce_withdrawal)
        changes.when_users_changed(live.signal_users)
        seats.when_last_texted(sending.last_texts)
        webhooks.handle(WebhookKind.SMS, sms.understand)
        webhooks.handle(WebhookKind.WHATSAPP, whatsapp.understand)
        webhooks.handle(WebhookKind.STATUS, status_callbacks.understand(report))
