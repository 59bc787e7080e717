"""Base data of a district: roads, buildings, water and green, facilities, population."""
