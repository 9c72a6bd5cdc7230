"""Set-up, measuring and data scripts: nothing in it is needed to run the dashboard. Start each as `python -m tools.folder.name`."""
