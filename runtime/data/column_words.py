"""What a column may be taken for and used for, in the words of file and page. Imports nothing, as pages need it."""

TYPES = {
    "number": "Number",
    "whole": "Whole number",
    "category": "Category",
    "yes_no": "Yes or no",
    "text": "Text",
    "time": "Date or time",
}
ROLES = {
    "feature": "Feature",
    "target": "Target",
    "weight": "Weight",
    "group": "Group",
    "time": "Time",
    "ignore": "Ignore",
}
