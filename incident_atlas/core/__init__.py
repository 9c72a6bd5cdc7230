"""What an incident is: its columns, terms and checks, and text made safe."""
