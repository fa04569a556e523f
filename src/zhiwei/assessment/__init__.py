"""Assessment: works, responses, judging, marking, release, feedback."""
