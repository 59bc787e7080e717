"""The call desk: a call becomes a case, a voice for a case, or an answer; call-backs."""
