"""The Incidents page and the page of one incident."""
