"""The delivered files of Dongcheng, read and checked before anything is written."""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from gis.basedata.model import LOWEST_RANK, ROAD_RANKS, DistrictData
from gis.config import CHECKOUT
from gis.crs import MASTER_SRID, WORK_SRID
from gis.errors import Invalid
from gis.i18n import N_

DISTRICT_CODE = "110101"

_FILES = {
    "streets": "beijing_boundaries/dongcheng_subdistricts.geojson",
    "communities": "admin_codes/dongcheng_communities.csv",
    "roads": "beijing_roads_osm2012/dongcheng_roads_osm2012.geojson",
    "population": "beijing_population/beijing_population_by_subdistrict_worldpop.csv",
    "census": "beijing_population/beijing_population_2010_by_district.csv",
    "hospitals": "beijing_poi/beijing_grade3a_hospitals.geojson",
}
_AREA_NAMES = CHECKOUT / "data" / "areas"
_PEOPLE_PER_CENSUS_UNIT = 10_000


def read_dongcheng(folder: Path) -> DistrictData:
    """
    Read the real Dongcheng set from a folder.

    Codes are text. Coordinates come as WGS 84 and are stored as CGCS2000 (a null shift at this
    accuracy). Road lengths are measured in EPSG:4548 and left empty on lines flagged
    `suspect_shortcut`: their geometry is incomplete.

    Raises
    ------
    Invalid
        When the folder or files are missing, unreadable or lack columns; names each file.
    """
    _check_folder(folder)
    streets = _streets(_shapes(folder, "streets", ["street_code", "street_name"]))
    return DistrictData(
        district_code=DISTRICT_CODE,
        upper=_shipped_names("upper"),
        streets=streets,
        communities=_communities(
            _rows(folder, "communities", ["street_code", "community_code", "community_name"])
        ),
        roads=_roads(_shapes(folder, "roads", ["highway", "name", "suspect_shortcut"])),
        population=_population(folder),
        hospitals=_hospitals(_shapes(folder, "hospitals", ["name", "address"]), streets),
    )


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise Invalid(
            N_("There is no folder {path}; name the one that holds the data sets with --from."),
            path=str(folder),
        )
    missing = [name for name in _FILES.values() if not (folder / name).is_file()]
    if missing:
        raise Invalid(
            N_("{path} is not the folder of the Dongcheng data sets; missing: {missing}."),
            path=str(folder),
            missing=", ".join(missing),
        )


def _shapes(folder: Path, key: str, columns: Sequence[str]) -> gpd.GeoDataFrame:
    path = folder / _FILES[key]
    try:
        frame = pyogrio.read_dataframe(path)
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise _unreadable(path, error) from error
    _check_columns(path, frame, [*columns, "geometry"])
    if frame.crs is None:
        raise Invalid(N_("{path} does not say its coordinate system."), path=str(path))
    return frame.to_crs(MASTER_SRID)


def _rows(folder: Path, key: str, columns: Sequence[str]) -> pd.DataFrame:
    path = folder / _FILES[key]
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (ValueError, OSError) as error:
        raise _unreadable(path, error) from error
    _check_columns(path, frame, columns)
    return frame


def _unreadable(path: Path, error: Exception) -> Invalid:
    return Invalid(N_("{path} cannot be read."), path=str(path), detail=str(error))


def _check_columns(path: Path, frame: pd.DataFrame, columns: Sequence[str]) -> None:
    missing = [name for name in columns if name not in frame.columns]
    if missing or frame.empty:
        raise Invalid(
            N_("{path} has no rows or lacks columns: {columns}."),
            path=str(path),
            columns=", ".join(missing) or "-",
        )


def _shipped_names(name: str) -> pd.DataFrame:
    return pd.read_csv(_AREA_NAMES / f"{name}.csv", dtype=str, keep_default_na=False)


def _with_names(frame: pd.DataFrame, shipped: str) -> pd.DataFrame:
    """English names by code from the shipped lists; the Chinese name where there is none."""
    known = _shipped_names(shipped).set_index("code")["name_en"]
    english = frame["code"].map(known)
    return frame.assign(name_en=english.fillna(frame["name_zh"]))


def _streets(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    named = frame.rename(columns={"street_code": "code", "street_name": "name_zh"})
    shaped = _with_names(named[["code", "name_zh", "geometry"]], "dongcheng_streets")
    return shaped.sort_values("code").reset_index(drop=True)


def _communities(frame: pd.DataFrame) -> pd.DataFrame:
    """Codes and names; the list names the committee, the place is called by the community."""
    place = frame["community_name"].str.replace("社区居委会", "社区", regex=False)
    plain = pd.DataFrame(
        {"code": frame["community_code"], "parent_code": frame["street_code"], "name_zh": place}
    )
    return _with_names(plain, "dongcheng_communities").sort_values("code").reset_index(drop=True)


def _roads(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    lines = frame[["name", "highway", "suspect_shortcut", "geometry"]].explode(ignore_index=True)
    suspect = lines["suspect_shortcut"].astype(bool)
    length = lines.to_crs(WORK_SRID).length
    rank = lines["highway"].map(ROAD_RANKS).fillna(LOWEST_RANK)
    return gpd.GeoDataFrame(
        {
            "name": lines["name"].astype(object).where(lines["name"].notna(), None),
            "class": lines["highway"],
            "rank": rank.astype(int),
            "suspect_shortcut": suspect,
            "length_m": length.astype(object).where(~suspect, None),
        },
        geometry=lines.geometry,
        crs=lines.crs,
    )


def _population(folder: Path) -> pd.DataFrame:
    """Modelled people per street, and the census figure of the district."""
    rows = _rows(folder, "population", ["street_code", "pop_worldpop"])
    rows = rows[rows["street_code"].str.startswith(DISTRICT_CODE)]
    census = _rows(folder, "census", ["district_name_2010", "resident_10k_2010census"])
    name = _shipped_names("upper").set_index("code")["name_zh"][DISTRICT_CODE]
    resident = census.set_index("district_name_2010")["resident_10k_2010census"][name]
    streets = pd.DataFrame(
        {
            "area_code": rows["street_code"],
            "people": rows["pop_worldpop"].astype(float).round().astype(int),
            "dataset_id": "dongcheng-population",
        }
    )
    district = pd.DataFrame(
        {
            "area_code": [DISTRICT_CODE],
            "people": [round(float(resident) * _PEOPLE_PER_CENSUS_UNIT)],
            "dataset_id": ["beijing-census-2010"],
        }
    )
    return pd.concat([district, streets], ignore_index=True).assign(as_of="2010")


def _hospitals(frame: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Those inside the streets; address and name as the source has them."""
    inside = np.asarray(frame.intersects(streets.geometry.union_all()), dtype=bool)
    return frame.loc[inside, ["name", "address", "geometry"]].sort_values("name", kind="stable")
