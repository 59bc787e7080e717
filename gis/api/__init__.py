"""HTTP only: sign-in, cases, files, tiles, health."""
