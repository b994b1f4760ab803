"""What introspection cannot know of Keras: families, synonyms, ports, widgets, and sentences for people.

Plain tables, read by `make_catalogue.py` alone; what they say ends up in `assets/catalogue.json`.
"""
