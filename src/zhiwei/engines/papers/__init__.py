"""Printed papers of questions, answers on a separate sheet: from texts with formulas to PDF."""

from zhiwei.engines.papers.slip import Slip, SlipLine, render_slip
from zhiwei.engines.papers.typeset import MOST_QUESTIONS, Paper, PaperQuestion, render_paper

__all__ = ["MOST_QUESTIONS", "Paper", "PaperQuestion", "Slip", "SlipLine", "render_paper", "render_slip"]
