"""Pages of the ui room itself: the component page, the error pages, the offline page."""
