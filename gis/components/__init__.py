"""Managed objects in the street (部件) with their codes."""
