from django.db import migrations

REFUSE = """
CREATE FUNCTION consent_texts_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a consent text that was published never changes' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER consent_text_is_for_good BEFORE UPDATE OR DELETE ON candidates_consenttext
    FOR EACH ROW EXECUTE FUNCTION consent_texts_refuse();
"""
ALLOW = """
DROP TRIGGER consent_text_is_for_good ON candidates_consenttext;
DROP FUNCTION consent_texts_refuse();
"""


class Migration(migrations.Migration):
    """What people agreed to stays as they read it: a new text is a new version (O11)."""

    dependencies = [("candidates", "0005_addresses_are_unique")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
