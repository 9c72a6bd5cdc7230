"""Screenshots and the generated pages of docs/."""
