"""Files out (and later in): tables that open safely in a spreadsheet."""
