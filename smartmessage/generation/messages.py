"""The statements that make messages, and the attempts to deliver them."""

PLANNED = """
CREATE TEMP TABLE plan_message (
    id bigint, n bigint, k int, turn bigint, at timestamptz, step text, channel text, direction text,
    status text, author_id bigint, one int, two int, rare int) ON COMMIT DROP"""
PLAN = """
INSERT INTO plan_message
WITH steps AS (
    SELECT chats.*, k, before + k AS turn,
           begins + span * ((k + 0.9 * pg_temp.chance(before + k, 20)) / length) AS at,
           CASE WHEN is_second OR story = 'email' THEN 'text'
                WHEN k = 0 THEN 'invitation'
                WHEN story = 'whatsapp' THEN 'text'
                WHEN standing = 'invited' THEN 'invitation'
                WHEN k = 1 THEN 'yes'
                WHEN k = 2 THEN 'opted in'
                WHEN standing = 'opted out' AND k = length - 2 THEN 'stop'
                WHEN standing = 'opted out' AND k = length - 1 THEN 'opted out'
                ELSE 'text' END AS step
    FROM {chats}, generate_series(0, length - 1) k
), said AS (
    SELECT *, CASE step WHEN 'invitation' THEN 'out' WHEN 'yes' THEN 'in' WHEN 'stop' THEN 'in'
                        WHEN 'text' THEN CASE WHEN pg_temp.chance(turn, 21) < 0.47 THEN 'in' ELSE 'out' END
                        ELSE 'note' END AS direction,
           CASE WHEN story <> 'mixed' THEN story
                WHEN step = 'text' AND pg_temp.chance(turn, 22) < 0.35 THEN 'email' ELSE 'sms' END AS channel
    FROM steps
)
SELECT {message} + {start} + row_number() OVER (ORDER BY at, turn), n, k, turn, at, step, channel, direction,
       CASE WHEN direction <> 'out' THEN 'received'
            WHEN pg_temp.chance(turn, 23) < 0.02 THEN 'failed'
            WHEN channel = 'email' THEN 'sent'
            WHEN channel = 'whatsapp' AND pg_temp.chance(turn, 23) < 0.6 THEN 'read'
            ELSE 'delivered' END,
       CASE WHEN direction = 'out' THEN team[1 + floor(array_length(team, 1) * pg_temp.chance(
           CASE WHEN pg_temp.chance(turn, 24) < 0.85 THEN n ELSE turn END, 25))::int] END,
       CASE WHEN step = 'text' THEN CASE direction WHEN 'in' THEN {answered} ELSE {asked} END
            + floor({askeds} * pg_temp.chance(turn, 26))::int END,
       CASE WHEN step = 'text' THEN CASE direction WHEN 'in' THEN {answered} ELSE {asked} END
            + floor({askeds} * power(pg_temp.chance(turn, 27), 3))::int END,
       CASE WHEN step = 'text' AND pg_temp.chance(turn, 28) < 0.1
            THEN {rare} + floor({rares} * power(pg_temp.chance(turn, 29), 2))::int END
FROM said"""

MESSAGES = """
INSERT INTO inbox_message (id, conversation_id, channel, direction, kind, author_id, body, attachments, handover,
    is_guess, sender, recipient, status, refusal, client_token, provider_id, consent_event_id, created_at,
    created_version, version, due_at, asked_at)
SELECT plan_message.id, {conversation} + n, channel, direction,
       CASE step WHEN 'yes' THEN 'text' WHEN 'stop' THEN 'text' ELSE step END, author_id,
       CASE step WHEN 'yes' THEN 'Yes' WHEN 'opted in' THEN 'Yes' WHEN 'stop' THEN 'Stop' WHEN 'opted out' THEN 'Stop'
                 WHEN 'invitation' THEN replace(CASE WHEN channel = 'whatsapp' THEN {whatsapp_invitation}
                                                     ELSE {invitation} END, {about}, title)
                 ELSE one.word || ' ' || two.word || COALESCE(' ' || rare.word, '') END,
       CASE WHEN direction = 'in' AND step = 'text' AND channel <> 'email' AND pg_temp.chance(turn, 41) < 0.01
            THEN jsonb '[{{"kind": "image", "content_type": "image/jpeg", "url": "", "size": 181000}}]'
            ELSE jsonb '[]' END,
       CASE WHEN step = 'invitation' AND channel = 'whatsapp'
            THEN replace({handover}, {about}, title)::jsonb
            WHEN direction = 'out' AND channel = 'email'
            THEN jsonb_build_object('subject', replace({subject}, {about}, title))
            ELSE jsonb '{{}}' END,
       FALSE,
       CASE direction WHEN 'note' THEN '' WHEN 'in' THEN CASE channel WHEN 'email' THEN email ELSE phone END
            ELSE CASE channel WHEN 'email' THEN {mailbox} ELSE ours END END,
       CASE direction WHEN 'note' THEN '' WHEN 'out' THEN CASE channel WHEN 'email' THEN email ELSE phone END
            ELSE CASE channel WHEN 'email' THEN '' ELSE ours END END,
       status, '',
       CASE WHEN direction = 'out' THEN md5('token ' || {message} + turn)::uuid END,
       CASE direction WHEN 'in' THEN CASE channel WHEN 'email' THEN 'mail' ELSE 'SM' END
                                     || md5('in ' || {message} + turn) ELSE '' END,
       CASE step WHEN 'opted in' THEN {event} + n * 4 + 2 WHEN 'opted out' THEN {event} + n * 4 + 3 END,
       CASE direction WHEN 'note' THEN date_trunc('second', plan_message.at) ELSE plan_message.at END,
       k + 1, k + 1, plan_message.at, plan_message.at
FROM plan_message JOIN {chats} USING (n) LEFT JOIN plan_words one ON one.at = plan_message.one
LEFT JOIN plan_words two ON two.at = plan_message.two LEFT JOIN plan_words rare ON rare.at = plan_message.rare"""

ATTEMPTS = """
INSERT INTO inbox_deliveryattempt (id, message_id, uuid, status, rank, provider_id, error_code, claimed_at,
    lease_until, answered_at, given_up)
SELECT {attempt} + id - {message}, id, uuid,
       CASE status WHEN 'failed' THEN CASE channel WHEN 'email' THEN 'failed' ELSE 'undelivered' END ELSE status END,
       CASE status WHEN 'failed' THEN {undelivered} WHEN 'sent' THEN {sent} WHEN 'read' THEN {read}
                   ELSE {delivered} END,
       CASE channel WHEN 'email' THEN uuid::text ELSE 'SM' || md5('out ' || {message} + turn) END,
       CASE status WHEN 'failed' THEN CASE channel WHEN 'email' THEN 550 ELSE 30003 + 2 * (turn % 2) END END,
       at, at + interval '30 seconds', at + interval '1 second',
       FALSE
FROM (SELECT *, md5('attempt ' || {message} + turn)::uuid AS uuid FROM plan_message WHERE direction = 'out') sent"""

LETTERS = """
INSERT INTO channels_email_storedletter (message_id, subject, html, quoted, mail_id, "references", from_name,
    from_address, kind, verdict, reason, marks, problems)
SELECT id, replace({subject}, {about}, title), '', '', '<' || md5('mail ' || {message} + turn) || '@example.com>',
       '[]', name, email, 'normal', 'pass', 'dmarc_pass', '[]', '[]'
FROM plan_message JOIN {chats} USING (n) WHERE direction = 'in' AND channel = 'email'"""
REPLY_ADDRESSES = """
INSERT INTO channels_email_replyaddress (conversation_id, token)
SELECT {conversation} + n, translate(replace(gen_random_uuid()::text, '-', ''), '0189', 'ghij')
FROM plan_message WHERE channel = 'email' GROUP BY n"""
