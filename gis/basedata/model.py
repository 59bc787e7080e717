"""A district's base data as frames, between the files and the tables."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

ROAD_RANKS = {
    **dict.fromkeys(("motorway", "trunk", "primary"), 1),
    **dict.fromkeys(("motorway_link", "trunk_link", "primary_link"), 1),
    **dict.fromkeys(("secondary", "tertiary", "secondary_link", "tertiary_link"), 2),
    **dict.fromkeys(("residential", "unclassified", "living_street", "road"), 3),
    **dict.fromkeys(("service", "pedestrian"), 4),
}
"""How early a road shows when one zooms in: 1 first; every other class has 5."""

LOWEST_RANK = 5


@dataclass(frozen=True)
class DistrictData:
    """
    What a folder of delivered files holds for one district; geometries in EPSG:4490.

    `upper`: code, level, parent_code, name_zh, name_en (city and district).
    `streets`: code, name_zh, name_en, geometry Polygon.
    `communities`: code, parent_code, name_zh, name_en.
    `roads`: name, class, rank, suspect_shortcut, length_m (None on suspect lines), geometry.
    `population`: area_code, as_of, people, dataset_id.
    `hospitals`: name, address, geometry Point; only those inside the district.
    """

    district_code: str
    upper: pd.DataFrame
    streets: gpd.GeoDataFrame
    communities: pd.DataFrame
    roads: gpd.GeoDataFrame
    population: pd.DataFrame
    hospitals: gpd.GeoDataFrame
