from django.db import migrations, models


class Migration(migrations.Migration):
    """A text can be refused because of the hour where the person is (V1); the hours have a page in Settings."""

    dependencies = [
        ('accounts', '0007_hours_for_texts'),
        ('inbox', '0014_common_words_are_found_soon'),
    ]

    operations = [
        migrations.CreateModel(
            name='SendingHours',
            fields=[
            ],
            options={
                'verbose_name': 'sending hours',
                'verbose_name_plural': 'sending hours',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('accounts.company',),
        ),
        migrations.AlterField(
            model_name='message',
            name='refusal',
            field=models.CharField(blank=True, choices=[('no number', 'there is no phone number.'), ('bad number', "the phone number can't receive texts."), ('number changed', 'the phone number was changed a moment before.'), ('no address', 'there is no email address.'), ('address changed', 'the email address was changed a moment before.'), ('bounced', 'email to this address comes back.'), ('no consent', 'there is no consent to text.'), ('never invited', 'the person has not opted in.'), ('invited', 'the person has not answered the invitation.'), ('invited too often', 'the person was invited often enough for now.'), ('opted out', 'the person opted out a moment before.'), ('opted in', 'the person has already opted in.'), ('no sender', 'no sending number is free for this conversation.'), ('sender blocked', 'the carrier blocks texts from this number.'), ('not set up', "this channel isn't set up."), ('window closed', 'the 24 hours for free texting ended a moment before.'), ('awaiting reply', 'the person has not replied to the invitation.'), ('no template', 'there is no approved invitation.'), ('no seat', 'the author no longer holds a SmartMessage seat.'), ('not on team', 'the author is no longer on the team.'), ('no subscription', "the company doesn't text on this channel."), ('empty', 'the text is empty.'), ('too long', 'the text is too long.'), ('unreadable', "the text contains characters that can't be sent."), ('already sent', 'another text was sent from this draft.'), ('bad hour', 'it is no good time where the person is.'), ('not movable', "this message can't be moved."), ('not retryable', 'this text is not waiting for another try.')], help_text='Why it was canceled', max_length=20),
        ),
    ]
