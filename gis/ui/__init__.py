"""Streamlit only: shell, guard, pages' parts, maps, words."""
