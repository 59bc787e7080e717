"""
Place names (地名): search by name, alias, pinyin and code, and names near a point.

Geocoding (地理编码, GB/T 30428.3-2016) turns a name into a point and back. The
table `place` is filled from areas, roads, facilities, water and parks.
"""
