"""What one visitor's session holds: the record, the address, uploads, answers."""
