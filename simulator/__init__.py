"""A stand-in for Twilio: its REST API, its signed webhooks, and a page that plays the candidates' phones.

A process of its own, started by `python -m simulator`. It shares no code with the product and talks to it
over HTTP only, so it can't share its mistakes. Never installed in production.
"""
