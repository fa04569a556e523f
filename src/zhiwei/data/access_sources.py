"""Gates of bringing in and of quality: sources, connections, bringings-in, rules, runs and reports in reach."""

from __future__ import annotations

from django.db.models import QuerySet

from zhiwei.data.models import (
    Connection,
    Intake,
    QualityReport,
    QualityResult,
    QualityRule,
    QualityRun,
    Source,
)
from zhiwei.kernel.access import one, reach_q
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.rules import policy
from zhiwei.kernel.values import Actor, Level, Verb

PLACE = "tenant__path"


def sources_in_reach(actor: Actor, verb: Verb) -> QuerySet[Source]:
    """Return sources of places where the actor may do ``verb`` to them."""
    reach = policy.reach(actor, verb, "data_source", level=Level.INTERNAL)
    return Source.objects.filter(reach_q(reach, place=PLACE)).select_related("owner", "job", "connection")


def connections_in_reach(actor: Actor, verb: Verb) -> QuerySet[Connection]:
    """Return connections; only those who may change sources see them."""
    del verb
    reach = policy.reach(actor, Verb.UPDATE, "data_source", level=Level.INTERNAL)
    return Connection.objects.filter(reach_q(reach, place=PLACE)).select_related("job")


def access_connection(actor: Actor, connection_uuid: object, *, verb: Verb) -> Connection:
    """Return one connection.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(connections_in_reach(actor, verb), uuid=connection_uuid)


def access_source(actor: Actor, source_uuid: object, *, verb: Verb) -> Source:
    """Return one source.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(sources_in_reach(actor, verb), uuid=source_uuid)


def access_intake(source: Source, number: int) -> Intake:
    """Return one bringing-in of a source the actor has been let to.

    Raises:
        NotFoundError: The source has none of this number.
    """
    return one(Intake.objects.filter(source=source).select_related("job", "by"), number=number)


def rules_in_reach(actor: Actor, verb: Verb) -> QuerySet[QualityRule]:
    """Return rules of places where the actor may do ``verb`` to quality."""
    reach = policy.reach(actor, verb, "data_quality", level=Level.INTERNAL)
    return QualityRule.objects.filter(reach_q(reach, place=PLACE))


def access_rule(actor: Actor, rule_uuid: object, *, verb: Verb) -> QualityRule:
    """Return one rule.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(rules_in_reach(actor, verb), uuid=rule_uuid)


def runs_in_reach(actor: Actor) -> QuerySet[QualityRun]:
    """Return runs of places where the actor may see quality."""
    reach = policy.reach(actor, Verb.READ, "data_quality", level=Level.INTERNAL)
    rows = QualityRun.objects.filter(reach_q(reach, place=PLACE))
    return rows.select_related("job", "by", "intake")


def access_run(actor: Actor, run_uuid: object) -> QualityRun:
    """Return one run.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(runs_in_reach(actor), uuid=run_uuid)


def access_result(run: QualityRun, position: int) -> QualityResult:
    """Return what came of one rule in a run the actor has been let to.

    Raises:
        NotFoundError: The run has no such rule.
    """
    return one(QualityResult.objects.filter(run=run).select_related("run__intake"), position=position)


def reports_in_reach(actor: Actor) -> QuerySet[QualityReport]:
    """Return monthly reports of places where the actor may take them."""
    reach = policy.reach(actor, Verb.EXPORT, "data_quality", level=Level.INTERNAL)
    return QualityReport.objects.filter(reach_q(reach, place=PLACE))


def access_report(actor: Actor, report_uuid: object) -> QualityReport:
    """Return one monthly report.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(reports_in_reach(actor), uuid=report_uuid)


def open_level(actor: Actor, tenant_path: str, *, verb: Verb = Verb.READ) -> Level:
    """Return the highest level of cells the actor may see there: 4 in elevated mode only.

    Raises:
        NotFoundError: The actor may see no rows at all there.
    """
    for level in (Level.SENSITIVE, Level.PERSONAL):
        if policy.reach(actor, verb, "data_rows", level=level).covers(path=tenant_path):
            return level
    raise NotFoundError
