"""Many invitations at once."""
