"""What every page is drawn with: frames, components, tokens, icons, chart specs, vendored front-end code."""
