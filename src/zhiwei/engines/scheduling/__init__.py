"""When to see a point again: review times by FSRS."""

from zhiwei.engines.scheduling.reviews import Grade, Memory, grade_of, retrievability, review

__all__ = ["Grade", "Memory", "grade_of", "retrievability", "review"]
