"""Knowing the learner: mastery, practice, paths."""
