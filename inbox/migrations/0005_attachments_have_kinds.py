from django.db import migrations

TABLES = ("inbox_message", "inbox_unmatchedreply")
# A content type alone, such as "image/jpeg", becomes what `inbox.receiving.Attachment` holds.
NAMED = """
UPDATE {table} SET attachments = (
    SELECT jsonb_agg(jsonb_build_object(
        'kind', split_part(type, '/', 1), 'content_type', type, 'url', '', 'size', NULL
    )) FROM jsonb_array_elements_text(attachments) type
) WHERE jsonb_array_length(attachments) > 0 AND jsonb_typeof(attachments -> 0) = 'string'"""
PLAIN = """
UPDATE {table} SET attachments = (
    SELECT jsonb_agg(each -> 'content_type') FROM jsonb_array_elements(attachments) each
) WHERE jsonb_array_length(attachments) > 0 AND jsonb_typeof(attachments -> 0) = 'object'"""


class Migration(migrations.Migration):
    """What came with a message says its kind, and can say its size (Q7)."""

    dependencies = [("inbox", "0004_answers_handovers_and_guesses")]
    operations = [migrations.RunSQL(NAMED.format(table=table), PLAIN.format(table=table)) for table in TABLES]
