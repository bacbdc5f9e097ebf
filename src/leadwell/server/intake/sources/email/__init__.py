"""Leads that are written by mail: to our own SMTP listener, or into a mailbox that we read by IMAP."""
