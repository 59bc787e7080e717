"""Engine, transactions, SQL files, frames, migrations and the project's own cluster."""
