"""The statements that make what messages leave behind: ledger, words to search for, marks and notices."""

EVENTS = """
INSERT INTO candidates_consentevent (id, consent_id, kind, at, words, source, details, by_user_id, text_id, salt,
    digest)
WITH happened AS (
    SELECT n, 0 AS place, 'first consent' AS kind, begins - interval '1 day' AS at, 'form' AS source,
           CASE WHEN story = 'whatsapp' THEN {whatsapp_agreed} ELSE {sms_agreed} END AS words,
           CASE WHEN story = 'whatsapp' THEN {whatsapp_agreed_json} ELSE {sms_agreed_json} END AS words_json,
           '{{"form":"' || CASE WHEN is_community THEN 'prospect' ELSE 'application' END
           || '","ip":"198.51.100.7","language":"en"}}' AS details,
           NULL::bigint AS by_user_id,
           CASE WHEN story = 'whatsapp' THEN {whatsapp_text} ELSE {sms_text} END AS text_id
    FROM {chats} WHERE NOT is_second
    UNION ALL
    SELECT n, 1 + k, 'invited', at, 'user', replace(words.body, {about}, title),
           replace(words.body_json, {about}, title),
           '{{"message":' || id || ',"our_number":"' || ours || '"}}', author_id, NULL
    FROM plan_message JOIN {chats} USING (n)
    JOIN (VALUES (TRUE, {whatsapp_invitation}, {whatsapp_invitation_json}),
                 (FALSE, {invitation}, {invitation_json})) words (is_whatsapp, body, body_json)
      ON is_whatsapp = (story = 'whatsapp')
    WHERE step = 'invitation'
    UNION ALL
    SELECT n, CASE step WHEN 'opted in' THEN 2 ELSE 3 END, step, at, 'message',
           CASE step WHEN 'opted in' THEN 'Yes' ELSE 'Stop' END,
           CASE step WHEN 'opted in' THEN '"Yes"' ELSE '"Stop"' END,
           '{{"our_number":"' || ours || '"}}', NULL, NULL
    FROM plan_message JOIN {chats} USING (n) WHERE direction = 'note'
), written AS (
    SELECT *, decode(md5({seed} || ' ' || n || ' ' || place || ' ' || {company}), 'hex') AS salt,
           '[' || {consent} + n || ',"' || kind || '","' || to_char(date_trunc('second', at) AT TIME ZONE 'UTC',
               'YYYY-MM-DD"T"HH24:MI:SS') || '+00:00",' || words_json || ',"' || source || '",' || details || ','
           || COALESCE(by_user_id::text, 'null') || COALESCE(',' || text_id, '') || ']' AS content
    FROM happened
)
SELECT {event} + n * 4 + place, {consent} + n, kind, date_trunc('second', at), words, source, details::jsonb,
       by_user_id, text_id, salt, sha256(salt || convert_to(content, 'UTF8'))
FROM written"""

DOCUMENTS = """
INSERT INTO inbox_searchdocument (conversation_id, words)
SELECT {conversation} + n, array_to_tsvector('@' || {company} || array_remove(string_to_array(
           translate(lower(name || ' ' || email || ' ' || phone || ' ' || title), '.@+,', '    ') || ' ' || said,
           ' '), ''))
FROM {chats} JOIN (
    SELECT n, string_agg(CASE step WHEN 'text' THEN concat_ws(' ', one.plain, two.plain, rare.plain)
                                   WHEN 'invitation' THEN CASE channel WHEN 'whatsapp' THEN {whatsapp_invited}
                                                                       ELSE {invited} END
                                   ELSE step END || CASE channel WHEN 'email' THEN {subjects} ELSE '' END, ' ') AS said
    FROM plan_message LEFT JOIN plan_words one ON one.at = plan_message.one
    LEFT JOIN plan_words two ON two.at = plan_message.two LEFT JOIN plan_words rare ON rare.at = plan_message.rare
    WHERE direction <> 'note' GROUP BY n) texts USING (n)"""

MARKS = """
WITH ends AS (
    SELECT n, max(at) AS at, (max(ARRAY[k, (direction = 'in')::int]))[2] = 1 AS is_heard,
           array_agg(DISTINCT COALESCE(author_id, 0)) AS authors
    FROM plan_message GROUP BY n
), marks AS (
    SELECT n, member, is_heard AND at > {now} - interval '60 days' AND pg_temp.chance(n * 4 + seat, 50) < 0.25
               AS is_unread,
           pg_temp.chance(n * 4 + seat, 51) < 0.01 AS is_starred, member = ANY(authors) AS took_part,
           pg_temp.chance(n * 4 + seat, 52) < 0.005 AS is_snoozed
    FROM ends JOIN {chats} USING (n), unnest(team) WITH ORDINALITY each (member, seat)
), marked AS (
    INSERT INTO inbox_conversationmark (user_id, conversation_id, is_unread, is_starred, took_part, snoozed_until)
    SELECT member, {conversation} + n, is_unread, is_starred, took_part,
           CASE WHEN is_snoozed AND NOT is_unread THEN {now} + interval '1 day' * (1 + n % 9) END
    FROM marks WHERE is_unread OR is_starred OR took_part OR is_snoozed
    RETURNING *
)
INSERT INTO inbox_notice (user_id, conversation_id, message_id, kind, at, read_at)
SELECT user_id, conversation_id, plan_message.id, 'replied', at,
       CASE WHEN NOT is_unread THEN least(at + interval '10 minutes', {now}) END
FROM marked JOIN plan_message ON n = conversation_id - {conversation}
WHERE took_part AND direction = 'in' AND at > {now} - interval '60 days'"""
