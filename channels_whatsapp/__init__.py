"""Texting by WhatsApp."""
