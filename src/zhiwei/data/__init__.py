"""The data centre: catalogue, corpora, releases."""
