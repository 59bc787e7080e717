"""A supervisor's work in the street: verifications, checks, cells; small enough for a phone."""
