"""Who must act (派遣): rules of area and class that propose a department, and explain it."""
