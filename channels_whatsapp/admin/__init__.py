"""WhatsApp in the two administrations: the company's own page, and the operator's."""

from channels_whatsapp.admin import invitations, operator

__all__ = ["invitations", "operator"]
