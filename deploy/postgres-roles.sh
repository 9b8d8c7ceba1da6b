#!/bin/sh
# Runs once, when PostgreSQL's volume is new: the role that owns the tables, the role of the product, their database.
set -eu
psql --set ON_ERROR_STOP=1 --set owner_password="$OWNER_DB_PASSWORD" --set app_password="$APP_DB_PASSWORD" \
    --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE smartmessage_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE smartmessage_app LOGIN PASSWORD :'app_password';
CREATE DATABASE smartmessage OWNER smartmessage_owner;
SQL
