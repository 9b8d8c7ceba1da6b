# One image for all of the product's processes; docker-compose.yml gives each its command.
FROM python:3.12-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app

COPY requirements/production.txt requirements/production.txt
RUN pip install --require-hashes -r requirements/production.txt \
    && useradd --system --create-home --home-dir /home/smartmessage smartmessage \
    && install --directory --owner smartmessage /data

COPY . .
# The settings refuse to start with demo values, and files need no secret: values of the right form, for this step only.
RUN SECRET_KEY=only-for-collecting-static-files-never-used-by-a-process PUBLIC_BASE_URL=https://build.invalid \
    ALLOWED_HOSTS=build.invalid TWILIO_AUTH_TOKEN=only-for-this-step \
    CONSENT_SIGNING_KEY=0000000000000000000000000000000000000000000000000000000000000000 \
    DATABASE_URL=postgresql://build.invalid/none REDIS_URL=redis://build.invalid/0 \
    python manage.py collectstatic --noinput \
    && python -m compileall -q .

USER smartmessage
