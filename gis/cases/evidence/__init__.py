"""Photos compared with their cases, who may check whom, and what an auditor looks at."""
