"""What belongs to a user's note beside its message: who is mentioned in it, and what it said before it was deleted."""

from django.db import models
from django.utils import timezone

from accounts.models import User


class Mention(models.Model):
    """A colleague named in a note. `written`: her name as it stands there; the page shows the one she has now."""

    note = models.ForeignKey("inbox.Message", models.CASCADE, related_name="mentions")
    user = models.ForeignKey(User, models.PROTECT, related_name="mentions")
    written = models.CharField(max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "user"], name="one_mention_per_user_and_note")]

    def __str__(self) -> str:
        return f"{self.note_id} {self.user_id}"


class DeletedNote(models.Model):
    """What a deleted note said, for as long as its author can have it back."""

    note = models.OneToOneField("inbox.Message", models.CASCADE, primary_key=True, related_name="deleted_note")
    body = models.TextField()
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.note_id}"
