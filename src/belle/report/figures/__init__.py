"""Figures as SVG, drawn without a chart library: their text can be selected, their colors are the theme's."""
