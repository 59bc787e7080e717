"""Attachments by content hash; hostile files are read safely."""
