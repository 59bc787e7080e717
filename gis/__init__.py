"""Wanmi (万米): grid-based urban management over PostGIS."""
