"""The statements that make jobs, communities, teams, people, their consents and their conversations."""

TEAMS = [
    """
INSERT INTO candidates_job (id, company_id, title, slug, location, description, made_at)
SELECT id, {company}, title, 'j' || id || '-' || {company}, split_part(title, ', ', 2), '', {now} - interval '730 days'
FROM plan_group WHERE NOT is_community""",
    """
INSERT INTO candidates_community (id, company_id, name, slug, description, made_at)
SELECT id, {company}, title, 'c' || id || '-' || {company}, '', {now} - interval '730 days'
FROM plan_group WHERE is_community""",
    """
INSERT INTO candidates_job_team (job_id, user_id)
SELECT id, unnest(team) FROM plan_group WHERE NOT is_community""",
    """
INSERT INTO candidates_community_team (community_id, user_id)
SELECT id, unnest(team) FROM plan_group WHERE is_community""",
]

PEOPLE = [
    """
INSERT INTO candidates_candidate (id, company_id, name, email, phone_typed, phone, time_zone)
SELECT person_id, {company}, name, email, phone, phone, '' FROM {chats} WHERE NOT is_second""",
    """
INSERT INTO candidates_application (id, candidate_id, job_id, since)
SELECT {application} + n, person_id, group_id, begins - interval '1 day' FROM {chats} WHERE NOT is_community""",
    """
INSERT INTO candidates_prospect (id, candidate_id, community_id, since)
SELECT {prospect} + n, person_id, group_id, begins - interval '1 day' FROM {chats} WHERE is_community""",
    """
INSERT INTO candidates_consent (id, company_id, channel, address, standing, changed_at)
SELECT {consent} + n, {company}, CASE WHEN story = 'whatsapp' THEN 'whatsapp' ELSE 'sms' END, phone, standing, begins
FROM {chats} WHERE NOT is_second""",
    """
INSERT INTO channels_sms_route (conversation_id, sender_number_id, address, made_at)
SELECT {conversation} + n, sender_id, phone, begins FROM {chats} WHERE story IN ('sms', 'mixed')""",
]

CONVERSATIONS = """
INSERT INTO inbox_conversation (id, company_id, application_id, prospect_id, version, team_key, last_message_id,
    last_message_at, last_channel, last_sent_id, last_heard_channel, needs_reply, has_problem, done_at, done_by_id)
WITH ends AS (
    SELECT n, max(id) FILTER (WHERE direction <> 'note') AS last_id,
           max(id) FILTER (WHERE direction = 'out') AS sent_id, max(id) FILTER (WHERE direction = 'in') AS heard_id
    FROM plan_message GROUP BY n
), stands AS (
    SELECT chats.*, last.id AS last_id, last.at, last.channel AS last_channel, sent.id AS sent_id,
           COALESCE(heard.channel, '') AS heard_channel, COALESCE(sent.status = 'failed', FALSE) AS has_problem,
           last.direction = 'in' AND standing <> 'opted out' AS needs_reply,
           COALESCE(sent.author_id, team[1]) AS writer,
           pg_temp.chance(chats.n, 30) < CASE WHEN last.at < {now} - interval '30 days' THEN 0.95
                                        WHEN last.direction = 'in' THEN 0.1 ELSE 0.5 END AS is_done
    FROM ends JOIN {chats} USING (n) JOIN plan_message last ON last.id = last_id
    LEFT JOIN plan_message sent ON sent.id = sent_id LEFT JOIN plan_message heard ON heard.id = heard_id
)
SELECT {conversation} + n, {company}, CASE WHEN NOT is_community THEN {application} + n END,
       CASE WHEN is_community THEN {prospect} + n END, length, team_key, last_id, at, last_channel, sent_id,
       heard_channel, needs_reply, has_problem,
       CASE WHEN is_done AND NOT has_problem THEN least(at + interval '1 hour', {now}) END,
       CASE WHEN is_done AND NOT has_problem THEN writer END
FROM stands"""
