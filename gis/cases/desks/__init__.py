"""The desks: lists that find a case, the inbox of a person, saved filters."""
