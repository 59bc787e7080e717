"""The citizen line: who called about which case, sealed numbers, call-backs."""
