"""Mail: what the product sends lies in mailboxes here, and what people answer comes to it as Mailgun would post it."""
