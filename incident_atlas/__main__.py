"""`python -m incident_atlas`, from the folder of the project."""

from incident_atlas.cli.main import main

if __name__ == "__main__":
    main()
