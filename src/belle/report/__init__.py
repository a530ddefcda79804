"""`belle report`: the answers of several experiments side by side, as one HTML file that needs no network."""
