"""
Code tables of the standards, each row with its edition, source and confidence.

Component and event classes (部件、事件分类), handling rules (立案、处置、结案
规则), and the code lists of pipelines and land use. The rows ship as CSV files
in `data/`; this room reads, seeds and searches them.
"""
