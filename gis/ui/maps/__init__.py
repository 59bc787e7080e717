"""Folium maps that work without the internet, and our own vector-tile layer for them."""
