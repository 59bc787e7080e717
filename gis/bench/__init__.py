"""Measured promises: paired, medians, one JSON object a line."""
