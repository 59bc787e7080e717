"""City, district, street, community, unit grid: built, coded, checked, stored, found by a point."""
