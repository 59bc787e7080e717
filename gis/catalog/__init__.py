"""Which data sets and layers there are: source, licence, freshness, versions."""
