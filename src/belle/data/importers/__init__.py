"""Reading other people's data: records out of files, conversations out of records."""
