from django.db import migrations

TEAMS = """
UPDATE inbox_conversation conversation SET team_key = COALESCE(
    (SELECT job_id FROM candidates_application record WHERE record.id = conversation.application_id),
    (SELECT -community_id FROM candidates_prospect record WHERE record.id = conversation.prospect_id))"""
LISTS = """
UPDATE inbox_conversation conversation
SET last_message_id = last.id, last_message_at = last.created_at, last_channel = last.channel, last_sent_id = sent.id,
    last_heard_channel = COALESCE(heard.channel, ''), needs_reply = COALESCE(last.direction = 'in', FALSE),
    has_problem = COALESCE(sent.status = 'failed', FALSE)
FROM inbox_conversation same
JOIN LATERAL (SELECT * FROM inbox_message WHERE conversation_id = same.id AND direction <> 'note'
              ORDER BY id DESC LIMIT 1) last ON TRUE
LEFT JOIN LATERAL (SELECT * FROM inbox_message WHERE conversation_id = same.id AND direction = 'out'
                   ORDER BY id DESC LIMIT 1) sent ON TRUE
LEFT JOIN LATERAL (SELECT * FROM inbox_message WHERE conversation_id = same.id AND direction = 'in'
                   ORDER BY id DESC LIMIT 1) heard ON TRUE
WHERE same.id = conversation.id"""
MARKS = """
INSERT INTO inbox_conversationmark (user_id, conversation_id, is_unread, is_starred, took_part, snoozed_until)
SELECT DISTINCT author_id, conversation_id, FALSE, FALSE, TRUE, NULL::timestamptz
FROM inbox_message WHERE direction = 'out' AND author_id IS NOT NULL"""
WORDS = """
INSERT INTO inbox_searchdocument (conversation_id, words)
SELECT conversation.id, array_to_tsvector(array_remove('@' || conversation.company_id || regexp_split_to_array(lower(
    person.name || ' ' || person.email || ' ' || person.phone || ' ' || COALESCE(job.title, community.name) || ' '
    || COALESCE((SELECT string_agg(left(body, 20000), ' ') FROM inbox_message message
                 WHERE message.conversation_id = conversation.id AND direction <> 'note'), '')), '[^[:alnum:]]+'), ''))
FROM inbox_conversation conversation
LEFT JOIN candidates_application application ON application.id = conversation.application_id
LEFT JOIN candidates_job job ON job.id = application.job_id
LEFT JOIN candidates_prospect prospect ON prospect.id = conversation.prospect_id
LEFT JOIN candidates_community community ON community.id = prospect.community_id
JOIN candidates_candidate person ON person.id = COALESCE(application.candidate_id, prospect.candidate_id)"""
NOTHING = migrations.RunSQL.noop


class Migration(migrations.Migration):
    """Conversations that were there are listed and found like new ones (Q4)."""

    dependencies = [("inbox", "0006_what_the_inbox_lists")]
    operations = [
        migrations.RunSQL(TEAMS, NOTHING),
        migrations.RunSQL(LISTS, NOTHING),
        migrations.RunSQL(MARKS, "DELETE FROM inbox_conversationmark"),
        migrations.RunSQL(WORDS, "DELETE FROM inbox_searchdocument"),
    ]
