"""Persons, posts, departments, roles, area scope, sessions."""
