"""Clocks of cases: stages, deadlines that pass, who is told, and the calendar they run on."""
