from django.db import migrations

REFUSE = """
CREATE FUNCTION consent_ledger_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the consent ledger can only be added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER consent_event_is_for_good BEFORE UPDATE OR DELETE ON candidates_consentevent
    FOR EACH ROW EXECUTE FUNCTION consent_ledger_refuses();
CREATE TRIGGER consent_events_are_not_emptied BEFORE TRUNCATE ON candidates_consentevent
    FOR EACH STATEMENT EXECUTE FUNCTION consent_ledger_refuses();
"""
ALLOW = """
DROP TRIGGER consent_events_are_not_emptied ON candidates_consentevent;
DROP TRIGGER consent_event_is_for_good ON candidates_consentevent;
DROP FUNCTION consent_ledger_refuses();
"""


class Migration(migrations.Migration):
    """Nothing changes or deletes a consent event, whoever asks: the database refuses (O11)."""

    dependencies = [("candidates", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
