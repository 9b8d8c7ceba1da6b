"""The statements behind the Inbox's list: each costs about the same whatever the size of the Inbox.

The list of one team is an index, so a user's list begins at the newest conversation of each of her teams and goes on in
the newest of them only; it never sorts all that she may see. What only she knows of a conversation (unread, star,
snooze) begins at her own few rows. Places in braces are other pieces from here; values come as parameters.
"""

TEAMS = """
SELECT job_id AS key FROM candidates_job_team WHERE user_id = %(user)s
UNION ALL
SELECT -community_id FROM candidates_community_team WHERE user_id = %(user)s AND %(has_smartcrm)s"""

SNOOZED = """
SELECT away.conversation_id FROM inbox_conversationmark away
WHERE away.user_id = %(user)s AND away.snoozed_until > %(now)s"""
NOT_SNOOZED = f"conversation.id NOT IN ({SNOOZED})"
TOOK_PART = """(
    SELECT own.took_part FROM inbox_conversationmark own
    WHERE own.user_id = %(user)s AND own.conversation_id = conversation.id)"""
HAS_BEGUN = "conversation.last_message_at IS NOT NULL"
IS_OPEN = f"{HAS_BEGUN} AND conversation.done_at IS NULL"

NEWEST = f"""
SELECT * FROM inbox_conversation conversation
WHERE conversation.company_id = %(company)s AND {HAS_BEGUN} AND {{after}}
ORDER BY conversation.last_message_at DESC, conversation.id DESC LIMIT %(looked_through)s"""
OF_HERS = "(conversation.team_key IN (SELECT key FROM team)) IS TRUE"
"""The company's, as they lie in the index, and which of them are hers: who sees many of them finds a page here.

IS TRUE has the teams looked up row by row, so that reading ends with the page; PostgreSQL would rather join them all.
"""

RECENT = "ORDER BY conversation.last_message_at DESC, conversation.id DESC LIMIT %(most)s"

OF_TEAMS = f"""
WITH team AS MATERIALIZED ({TEAMS}), newest AS MATERIALIZED (
    SELECT conversation.id FROM ({NEWEST}) conversation
    WHERE (SELECT count(*) FROM team) > %(few_teams)s AND {OF_HERS} AND {{condition}}
    {RECENT}
), freshest AS MATERIALIZED (
    SELECT team.key, newest.last_message_at FROM team CROSS JOIN LATERAL (
        SELECT conversation.id, conversation.last_message_at FROM inbox_conversation conversation
        WHERE conversation.team_key = team.key AND conversation.company_id = %(company)s AND {{condition}} AND {{after}}
        ORDER BY conversation.last_message_at DESC, conversation.id DESC LIMIT 1
    ) newest
    ORDER BY newest.last_message_at DESC, newest.id DESC LIMIT %(most)s
)
SELECT newest.id FROM newest WHERE (SELECT count(*) FROM newest) = %(most)s
UNION ALL (
    SELECT conversation.id FROM freshest team CROSS JOIN LATERAL (
        SELECT conversation.id, conversation.last_message_at FROM inbox_conversation conversation
        WHERE conversation.team_key = team.key AND conversation.company_id = %(company)s AND {{condition}} AND {{after}}
          AND conversation.last_message_at >= (
              SELECT CASE WHEN count(*) = %(most)s THEN min(last_message_at) ELSE '-infinity' END FROM freshest)
        {RECENT}
    ) conversation
    WHERE (SELECT count(*) FROM newest) < %(most)s
    {RECENT}
)"""
"""A page of so many is within the so many teams with the newest conversations, and no older than the newest of each."""

OF_MARKS = f"""
WITH team AS MATERIALIZED ({TEAMS}), marked AS MATERIALIZED (
    SELECT FROM inbox_conversationmark mark WHERE mark.user_id = %(user)s AND {{marked}} LIMIT %(few_marks)s
), newest AS MATERIALIZED (
    SELECT conversation.id FROM ({NEWEST}) conversation CROSS JOIN LATERAL (
        SELECT * FROM inbox_conversationmark mark
        WHERE mark.conversation_id = conversation.id AND mark.user_id = %(user)s
        LIMIT 1
    ) mark
    WHERE (SELECT count(*) FROM marked) = %(few_marks)s AND {OF_HERS} AND {{condition}}
    {RECENT}
)
SELECT newest.id FROM newest WHERE (SELECT count(*) FROM newest) = %(most)s
UNION ALL (
    SELECT conversation.id FROM inbox_conversationmark mark CROSS JOIN LATERAL (
        SELECT * FROM inbox_conversation conversation
        WHERE conversation.id = mark.conversation_id AND conversation.company_id = %(company)s
        LIMIT 1
    ) conversation
    WHERE (SELECT count(*) FROM newest) < %(most)s
      AND mark.user_id = %(user)s AND {OF_HERS} AND {{condition}} AND {{after}}
    ORDER BY conversation.last_message_at DESC NULLS LAST, conversation.id DESC LIMIT %(most)s
)"""
"""LIMIT 1 has each conversation looked up by its id; PostgreSQL would rather read them all, were it free to choose."""

OF_WORDS = """
SELECT conversation.id FROM inbox_searchdocument document
JOIN inbox_conversation conversation ON conversation.id = document.conversation_id
WHERE document.words @@ %(sought)s::tsquery AND conversation.company_id = %(company)s
  AND conversation.team_key = ANY(%(keys)s::bigint[]) AND {condition} AND {after}
ORDER BY conversation.last_message_at DESC, conversation.id DESC LIMIT %(most)s"""
"""Rare words are found by their index; common ones in the newest conversations of the company, one after the other.

PostgreSQL chooses by how common it knows the words to be, so the teams stand here as values, not as a question.
"""

ONE = f"""
SELECT conversation.id FROM inbox_conversation conversation
LEFT JOIN inbox_conversationmark mark ON mark.conversation_id = conversation.id AND mark.user_id = %(user)s
WHERE conversation.id = %(only)s AND conversation.company_id = %(company)s
  AND conversation.team_key IN ({TEAMS}) AND {{condition}}"""

ROWS = """
SELECT conversation.id, conversation.version, conversation.last_message_at, conversation.last_channel,
       conversation.needs_reply, conversation.has_problem, conversation.done_at IS NOT NULL,
       person.id, person.name, person.phone = '' AND person.phone_typed <> '',
       COALESCE(job.title, community.name), conversation.application_id IS NOT NULL,
       COALESCE(last.direction, ''), COALESCE(last.kind, ''), left(last.body, 200),
       COALESCE(last.attachments <> '[]', FALSE), last.author_id, COALESCE(author.name, ''),
       COALESCE(mark.is_unread, FALSE), COALESCE(mark.is_starred, FALSE),
       CASE WHEN mark.snoozed_until > %(now)s THEN mark.snoozed_until END,
       EXISTS (SELECT FROM candidates_consent consent
               WHERE consent.company_id = conversation.company_id AND consent.channel = conversation.last_channel
                 AND consent.address = person.phone AND consent.standing = 'opted out'),
       conversation.has_scheduled,
       EXISTS (SELECT FROM inbox_optouthold hold LEFT JOIN inbox_message asked ON asked.id = hold.message_id
               WHERE hold.company_id = conversation.company_id AND hold.outcome = ''
                 AND (asked.conversation_id = conversation.id OR person.phone = ANY(hold.addresses)))
FROM ({listed}) listed
JOIN inbox_conversation conversation ON conversation.id = listed.id
LEFT JOIN candidates_application application ON application.id = conversation.application_id
LEFT JOIN candidates_job job ON job.id = application.job_id
LEFT JOIN candidates_prospect prospect ON prospect.id = conversation.prospect_id
LEFT JOIN candidates_community community ON community.id = prospect.community_id
JOIN candidates_candidate person ON person.id = COALESCE(application.candidate_id, prospect.candidate_id)
LEFT JOIN inbox_message last ON last.id = conversation.last_message_id
LEFT JOIN accounts_user author ON author.id = last.author_id
LEFT JOIN inbox_conversationmark mark ON mark.conversation_id = conversation.id AND mark.user_id = %(user)s
ORDER BY conversation.last_message_at DESC NULLS LAST, conversation.id DESC"""

UNREAD_NOTICES = f"""
WITH team AS MATERIALIZED ({TEAMS})
SELECT count(*) FROM (
    SELECT DISTINCT notice.conversation_id FROM inbox_notice notice
    WHERE notice.user_id = %(user)s AND notice.read_at IS NULL AND (
        SELECT conversation.team_key IN (SELECT key FROM team) FROM inbox_conversation conversation
        WHERE conversation.id = notice.conversation_id AND conversation.company_id = %(company)s
    ) IS TRUE
    ORDER BY notice.conversation_id LIMIT %(most_notices)s
) found"""
"""In the order of their index, so that reading ends with the last that is counted."""

COUNT_OF_TEAMS = """
SELECT count(*) FROM (
    SELECT FROM team CROSS JOIN LATERAL (
        SELECT FROM inbox_conversation conversation
        WHERE conversation.team_key = team.key AND conversation.company_id = %(company)s AND {condition}
        LIMIT %(most)s
    ) conversation
    LIMIT %(most)s
) found"""
NOT_AWAY = "conversation.id NOT IN (SELECT conversation_id FROM away)"
BESIDE = f"""
WITH team AS MATERIALIZED ({TEAMS}), away AS MATERIALIZED ({SNOOZED}), newest AS MATERIALIZED (
    SELECT conversation.team_key AS key, max(conversation.last_message_at) AS last_message_at
    FROM ({NEWEST.format(after="TRUE")}) conversation
    WHERE (SELECT count(*) FROM team) > %(few_teams)s AND {OF_HERS} AND {IS_OPEN}
    GROUP BY key ORDER BY last_message_at DESC, key LIMIT %(most_teams)s
), freshest AS (
    SELECT * FROM newest WHERE (SELECT count(*) FROM newest) = %(most_teams)s
    UNION ALL (
        SELECT team.key, last.last_message_at FROM team LEFT JOIN LATERAL (
            SELECT conversation.last_message_at FROM inbox_conversation conversation
            WHERE conversation.team_key = team.key AND {IS_OPEN}
            ORDER BY conversation.last_message_at DESC, conversation.id DESC LIMIT 1
        ) last ON TRUE
        WHERE (SELECT count(*) FROM newest) < %(most_teams)s
        ORDER BY last.last_message_at DESC NULLS LAST, team.key LIMIT %(most_teams)s
    )
), named AS (
    SELECT team.key, COALESCE(job.title, community.name) AS title, (
        SELECT count(*) FROM (
            SELECT FROM inbox_conversation conversation WHERE conversation.team_key = team.key AND {IS_OPEN}
            LIMIT %(most_of_a_team)s
        ) found
    ) AS count
    FROM freshest team
    LEFT JOIN candidates_job job ON job.id = team.key AND job.company_id = %(company)s
    LEFT JOIN candidates_community community ON community.id = -team.key AND community.company_id = %(company)s
    WHERE COALESCE(job.id, community.id) IS NOT NULL
    ORDER BY team.last_message_at DESC NULLS LAST, team.key
)
SELECT ({COUNT_OF_TEAMS.format(condition=f"{IS_OPEN} AND {NOT_AWAY}")}) AS open,
       ({
    COUNT_OF_TEAMS.format(condition=f"conversation.needs_reply AND conversation.done_at IS NULL AND {NOT_AWAY}")
}) AS needs_reply,
       (SELECT count(*) FROM (
            SELECT FROM inbox_conversationmark mark CROSS JOIN LATERAL (
                SELECT conversation.team_key FROM inbox_conversation conversation
                WHERE conversation.id = mark.conversation_id AND conversation.company_id = %(company)s
                LIMIT 1
            ) conversation
            WHERE mark.user_id = %(user)s AND mark.is_unread AND {OF_HERS}
            LIMIT %(most)s
       ) found) AS unread,
       ({COUNT_OF_TEAMS.format(condition="conversation.has_problem")}) AS problems,
       ({COUNT_OF_TEAMS.format(condition="conversation.has_scheduled")}) AS scheduled,
       ARRAY(SELECT json_build_array(key, title, count) FROM named) AS teams"""
