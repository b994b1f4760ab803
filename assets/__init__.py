"""Built canvas bundle, theme, icons and catalogue.json."""
