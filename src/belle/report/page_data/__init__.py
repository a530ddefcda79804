"""What the page shows: plain values, whatever the rest of the project calls them. `belle.report.data` fills them in."""
