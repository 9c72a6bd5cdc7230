"""Places: gazetteer, geocoding, boundaries, coordinates, distances, projection."""
