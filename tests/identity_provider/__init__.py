"""A company's identity provider, as a process of its own: OpenID Connect by django-oauth-toolkit.

`python -m tests.identity_provider PORT FOLDER` serves it. Stories add people and clients through /control/.
"""
