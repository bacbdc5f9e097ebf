"""The thin shell around the engine: it remembers (a database) and acts (messages, calls, webhooks), with Django."""
