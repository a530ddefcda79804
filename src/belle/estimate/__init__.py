"""What an experiment needs before it runs: memory, disk, time and cost."""
