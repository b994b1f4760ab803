"""From configs that Keras of any age wrote to network cells."""
