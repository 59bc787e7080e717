"""A seeded generator: a district for the first run, a city for the benchmarks; nothing is real."""
