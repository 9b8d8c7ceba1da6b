from django.db import migrations

COUNT = """
UPDATE accounts_company SET
    seats_in_use = (SELECT count(*) FROM accounts_seat WHERE company_id = accounts_company.id),
    seats_bought = greatest(seats_bought, (SELECT count(*) FROM accounts_seat WHERE company_id = accounts_company.id));
CREATE FUNCTION seats_are_counted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE accounts_company SET seats_in_use = seats_in_use - 1 WHERE id = OLD.company_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE accounts_company SET seats_in_use = seats_in_use + 1 WHERE id = NEW.company_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER seat_is_counted AFTER INSERT OR DELETE OR UPDATE OF company_id ON accounts_seat
    FOR EACH ROW EXECUTE FUNCTION seats_are_counted();
"""
UNCOUNT = """
DROP TRIGGER seat_is_counted ON accounts_seat;
DROP FUNCTION seats_are_counted();
"""
REFUSE = """
CREATE FUNCTION audit_trail_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail can only be added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_entry_is_for_good BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_trail_refuses();
CREATE TRIGGER audit_entries_are_not_emptied BEFORE TRUNCATE ON accounts_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_trail_refuses();
"""
ALLOW = """
DROP TRIGGER audit_entries_are_not_emptied ON accounts_auditentry;
DROP TRIGGER audit_entry_is_for_good ON accounts_auditentry;
DROP FUNCTION audit_trail_refuses();
"""


class Migration(migrations.Migration):
    """The database counts seats, so that its constraint holds whoever adds one (I8); the trail is for good (A5)."""

    dependencies = [("accounts", "0002_seats_sessions_audit")]
    operations = [migrations.RunSQL(COUNT, UNCOUNT), migrations.RunSQL(REFUSE, ALLOW)]
