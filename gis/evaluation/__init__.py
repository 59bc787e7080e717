"""Figures of management: each with its written formula and the cases behind it (综合评价)."""
