"""Cases that tell of the same thing: likely duplicates, clusters with followers, repeat places."""
