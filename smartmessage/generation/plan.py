"""Who talks with whom, on which channel, how long and when: temporary tables that the rows are made from.

Skewed as real companies are: a few recruiters with tens of thousands of conversations and many with few; jobs with 5
to 5,000 applications; conversations of 2 to 200 messages, ten on average; more in the last weeks than long ago.
"""

import random
from itertools import accumulate

from django.db import connection

from smartmessage.generation import words

SENTENCES, RARE_WORDS, TITLES = 2_000, 4_000, 400
FIRST_IDS = {  # the name by which the statements know the first new id of each table
    "job": "candidates_job",
    "community": "candidates_community",
    "person": "candidates_candidate",
    "application": "candidates_application",
    "prospect": "candidates_prospect",
    "consent": "candidates_consent",
    "event": "candidates_consentevent",
    "conversation": "inbox_conversation",
    "message": "inbox_message",
    "attempt": "inbox_deliveryattempt",
}

CHANCE = """
CREATE OR REPLACE FUNCTION pg_temp.chance(number bigint, what int) RETURNS float8 LANGUAGE sql IMMUTABLE AS
$$ SELECT (hashint8extended(number, {seed} * 1000 + what) & 9007199254740991) / 9007199254740992.0::float8 $$"""
WORDS = """
CREATE TEMP TABLE plan_words ON COMMIT DROP AS
SELECT at::int, word, btrim(regexp_replace(lower(word), '[^a-z0-9]+', ' ', 'g')) AS plain
FROM unnest(%s::text[]) WITH ORDINALITY each (word, at);
ALTER TABLE plan_words ADD PRIMARY KEY (at)"""
SENDERS = """
CREATE TEMP TABLE plan_sender ON COMMIT DROP AS
SELECT country, row_number() OVER (PARTITION BY country ORDER BY id) - 1 AS place, id, number
FROM channels_sms_sendernumber WHERE company_id = %s"""
LENGTHS = """
CREATE TEMP TABLE plan_length ON COMMIT DROP AS
WITH drawn AS (
    SELECT n, least(200, floor(2 / power(1 - pg_temp.chance(n, 1), 1 / 1.05)))::int AS length
    FROM generate_series(1, {messages} / 2 + 1) n
), placed AS (
    SELECT n, sum(length) OVER (ORDER BY n) - length AS before, length FROM drawn
)
SELECT n, before::bigint, least(length, {messages} - before)::int AS length FROM placed WHERE before < {messages}"""
GROUPS = """
CREATE TEMP TABLE plan_group ON COMMIT DROP AS
WITH drawn AS (
    SELECT n, floor(5 / power(1 - 0.992 * pg_temp.chance(n, 2), 1 / 0.7))::int AS size
    FROM generate_series(1, {chats} / 5 + 1) n
), placed AS (
    SELECT n, sum(size) OVER (ORDER BY n) - size AS before, size FROM drawn
)
SELECT n, before, least(size, {chats} - before) AS size, n % 10 = 9 AS is_community, word AS title,
       CASE WHEN n % 10 = 9 THEN {community} ELSE {job} END + n AS id,
       CASE WHEN n % 10 = 9 THEN -{community} - n ELSE {job} + n END AS team_key,
       ARRAY(SELECT DISTINCT ({recruiters})[floor(power({many} + 1, pg_temp.chance(n * 4 + each, 3)))::int]
             FROM generate_series(0, floor(4 * power(pg_temp.chance(n, 4), 2))::int) each) AS team
FROM placed
JOIN plan_words ON at = CASE WHEN n % 10 = 9 THEN {pool} ELSE {title} END + n % {titles}
WHERE before < {chats}"""
CHATS = """
CREATE TEMP TABLE plan_chat ON COMMIT DROP AS
WITH places AS (
    SELECT n AS group_n, id AS group_id, is_community, team_key, title, team,
           generate_series(before, before + size - 1) AS place
    FROM plan_group
), dealt AS (
    SELECT plan_length.*, row_number() OVER (ORDER BY pg_temp.chance(n, 5)) - 1 AS place FROM plan_length
), together AS (  -- one in ten is another application of the person before, who opted in there
    SELECT dealt.n, dealt.before, dealt.length, places.*,
           pg_temp.chance(n, 6) < 0.1 AND pg_temp.chance(n - 1, 6) >= 0.1 AND pg_temp.chance(n - 1, 9) >= 0.04
           AND lag(length) OVER (ORDER BY n) > 2 AND lag(group_n) OVER (ORDER BY n) <> group_n AS is_second
    FROM dealt JOIN places USING (place)
), people AS (
    SELECT *, CASE WHEN is_second THEN n - 1 ELSE n END AS who FROM together
), stories AS (
    SELECT *, CASE WHEN pg_temp.chance(who, 7) < 0.62 THEN 'sms' WHEN pg_temp.chance(who, 7) < 0.80 THEN 'whatsapp'
                   WHEN pg_temp.chance(who, 7) < 0.90 THEN 'email' ELSE 'mixed' END AS story,
           CASE WHEN pg_temp.chance(who, 8) < 0.5 THEN 'US' WHEN pg_temp.chance(who, 8) < 0.75 THEN 'GB'
                ELSE 'DE' END AS country,
           {person} + who AS person_id
    FROM people
), known AS (
    SELECT *, CASE story WHEN 'email' THEN 'first consent' WHEN 'whatsapp' THEN 'invited'
                         ELSE CASE WHEN length <= 2 THEN 'invited'
                                   WHEN length > 5 AND pg_temp.chance(n, 9) < 0.04 THEN 'opted out'
                                   ELSE 'opted in' END END AS own_standing,
           CASE country WHEN 'US' THEN '+1209' || lpad(person_id::text, 7, '0')
                        WHEN 'GB' THEN '+4479' || lpad(person_id::text, 8, '0')
                        ELSE '+4917' || lpad(person_id::text, 9, '0') END AS phone
    FROM stories
)
SELECT known.*, first.word || ' ' || last.word AS name,
       lower(first.word || '.' || last.word || '.' || person_id || '@example.com') AS email,
       CASE WHEN is_second THEN lag(own_standing) OVER (ORDER BY n) ELSE own_standing END AS standing,
       sender.id AS sender_id, CASE WHEN story = 'whatsapp' THEN {whatsapp} ELSE sender.number END AS ours,
       at.begins, least({now} - at.begins, make_interval(secs =>
           length * 30 * exp(8 * pg_temp.chance(n, 10)))) AS span
FROM known
JOIN plan_words first ON first.at = {first_name} + floor({first_names} * pg_temp.chance(who, 11))::int
JOIN plan_words last ON last.at = {last_name} + floor({last_names} * pg_temp.chance(who, 12))::int
JOIN plan_sender sender ON sender.country = known.country AND sender.place = is_second::int,
LATERAL (SELECT {now} - interval '730 days' * power((({chats} - n) + 0.5) / {chats}, 2.2)
                - make_interval(secs => length * 45) AS begins) at"""
AFTERWARDS = "CREATE UNIQUE INDEX ON plan_chat (before); ANALYZE plan_chat, plan_group, plan_words"


def draw_up(values: dict[str, int | str], *, messages: int, seed: int, company_id: int) -> None:
    """Make the plan's tables in this session; they are gone with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(CHANCE.format(seed=seed))
        cursor.execute(WORDS, [[word for words in lists(seed).values() for word in words]])
        cursor.execute(SENDERS, [company_id])
        cursor.execute(LENGTHS.format(messages=messages))
        cursor.execute("SELECT count(*) FROM plan_length")
        chats = cursor.fetchone()[0]
        for statement in (GROUPS, CHATS, AFTERWARDS):
            cursor.execute(statement.format(**values, chats=chats))


def forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE plan_words, plan_sender, plan_length, plan_group, plan_chat, plan_message")


def lists(seed: int) -> dict[str, list[str]]:
    """All that may be written, in the order in which the statements count it."""
    chance = random.Random(seed)
    return {
        "first_name": words.FIRST_NAMES,
        "last_name": words.LAST_NAMES,
        "title": words.titles(chance, TITLES),
        "pool": words.pools(chance, TITLES),
        "asked": words.sentences(chance, words.ASKED, SENTENCES),
        "answered": words.sentences(chance, words.ANSWERED, SENTENCES),
        "rare": words.rare_sentences(chance, RARE_WORDS),
    }


def places_of(lists: dict[str, list[str]]) -> dict[str, int]:
    """Where each list begins, and how long it is: `title` and `titles`."""
    begins = accumulate((len(each) for each in lists.values()), initial=1)
    lengths = {f"{name}s": len(each) for name, each in lists.items()}
    return dict(zip(lists, begins, strict=False)) | lengths
