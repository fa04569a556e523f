"""Curriculum: subjects, knowledge graph, competencies, items, rubrics, resources."""
