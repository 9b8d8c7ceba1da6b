"""Made-up data at scale: a company with its teams, people, conversations and millions of messages.

For measuring and for looking at full pages; `manage.py generate_messages` is the doorway. Rows are made inside
PostgreSQL, a slice of conversations at a time, so that a million messages take seconds. Chance is a hash of a row's
number and the seed: the same seed gives the same messages.
"""
