"""Set-up of third-party libraries: what they print, import and record unasked."""
