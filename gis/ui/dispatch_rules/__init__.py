"""The parts of the page of dispatch rules."""
