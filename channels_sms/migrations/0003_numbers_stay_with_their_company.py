from django.db import migrations

REFUSE = """
CREATE FUNCTION numbers_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.company_id <> OLD.company_id OR NEW.number <> OLD.number)
       AND EXISTS (SELECT FROM channels_sms_route WHERE sender_number_id = OLD.id) THEN
        RAISE EXCEPTION 'this number has conversations at its company' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER number_stays_with_its_company BEFORE UPDATE OF company_id, number ON channels_sms_sendernumber
    FOR EACH ROW EXECUTE FUNCTION numbers_stay();
"""
ALLOW = """
DROP TRIGGER number_stays_with_its_company ON channels_sms_sendernumber;
DROP FUNCTION numbers_stay();
"""


class Migration(migrations.Migration):
    """A sending number belongs to one company for as long as history refers to it (Q6, I7)."""

    dependencies = [("channels_sms", "0002_wish_of_a_number")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
