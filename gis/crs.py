"""The coordinate reference systems in use, by name."""

MASTER_SRID = 4490
"""CGCS2000 degrees: what every geometry column `geom` holds."""

WEB_SRID = 3857
"""Web Mercator: generated `geom_3857`, for tiles only, never for measures."""

WORK_SRID = 4548
"""CGCS2000 / 3-degree Gauss-Kruger, 117 E: default of generated `geom_work` (metres)."""

WGS84_SRID = 4326
"""What phones and browsers speak; equal to CGCS2000 within a few decimetres."""
