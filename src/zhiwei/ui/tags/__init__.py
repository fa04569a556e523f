"""Components by topic; ``templatetags/zw.py`` gathers them into one library."""
