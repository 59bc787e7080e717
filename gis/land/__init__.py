"""Parcels (宗地) and their land use."""
