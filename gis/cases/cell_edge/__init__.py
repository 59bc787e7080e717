"""Reports near the edge of a unit grid: which cells may be meant, who chose, what was chosen."""
