"""Printed papers of questions, answers on a separate sheet: from texts with formulas to PDF."""

from zhiwei.engines.papers.typeset import MOST_QUESTIONS, Paper, PaperQuestion, render_paper

__all__ = ["MOST_QUESTIONS", "Paper", "PaperQuestion", "render_paper"]
