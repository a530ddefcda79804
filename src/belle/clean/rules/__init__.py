"""One file a cleaning rule."""
