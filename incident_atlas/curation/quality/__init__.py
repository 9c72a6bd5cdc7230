"""How good a file is as a source: findings about places, dates and figures."""
