"""The life of a case (案卷): states and moves as one table, evidence, history."""
