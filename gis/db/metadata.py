"""The one MetaData every room's `tables.py` registers its tables in."""

from sqlalchemy import MetaData

metadata = MetaData()
