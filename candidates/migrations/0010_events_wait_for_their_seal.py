from django.db import migrations

WAIT = """
CREATE FUNCTION consent_events_wait_for_their_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO candidates_eventtoseal (event_id) SELECT id FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER consent_events_wait AFTER INSERT ON candidates_consentevent
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION consent_events_wait_for_their_seal();
INSERT INTO candidates_eventtoseal (event_id) SELECT id FROM candidates_consentevent;

CREATE TRIGGER seal_is_for_good BEFORE UPDATE OR DELETE ON candidates_seal
    FOR EACH ROW EXECUTE FUNCTION consent_ledger_refuses();
CREATE TRIGGER seals_are_not_emptied BEFORE TRUNCATE ON candidates_seal
    FOR EACH STATEMENT EXECUTE FUNCTION consent_ledger_refuses();
CREATE TRIGGER sealed_event_is_for_good BEFORE UPDATE OR DELETE ON candidates_sealedevent
    FOR EACH ROW EXECUTE FUNCTION consent_ledger_refuses();
CREATE TRIGGER sealed_events_are_not_emptied BEFORE TRUNCATE ON candidates_sealedevent
    FOR EACH STATEMENT EXECUTE FUNCTION consent_ledger_refuses();
"""
DONT = """
DROP TRIGGER sealed_events_are_not_emptied ON candidates_sealedevent;
DROP TRIGGER sealed_event_is_for_good ON candidates_sealedevent;
DROP TRIGGER seals_are_not_emptied ON candidates_seal;
DROP TRIGGER seal_is_for_good ON candidates_seal;
DROP TRIGGER consent_events_wait ON candidates_consentevent;
DROP FUNCTION consent_events_wait_for_their_seal();
"""


class Migration(migrations.Migration):
    """Whoever stores a consent event, the database has it wait for its seal; and a seal is for good (O11)."""

    dependencies = [("candidates", "0009_ledger_is_sealed")]
    operations = [migrations.RunSQL(WAIT, DONT)]
