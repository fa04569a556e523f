"""Knowledge graphs: read, check, walk, exchange and compare editions."""

from zhiwei.engines.knowledge.case import graph_from_case, graph_to_case
from zhiwei.engines.knowledge.checking import Finding, check_graph, find_cycle, redundant_edges
from zhiwei.engines.knowledge.editions import Change, EditionDiff, compare_editions, follow
from zhiwei.engines.knowledge.jsonld import graph_from_jsonld, graph_to_jsonld
from zhiwei.engines.knowledge.reading import graph_from_json, graph_from_rows, merge_graphs, point_from_row
from zhiwei.engines.knowledge.tables import graph_from_csv, graph_to_csv
from zhiwei.engines.knowledge.values import Graph, GraphError, Misconception, Point, UnitRef
from zhiwei.engines.knowledge.walking import ancestors, chain_lengths, descendants, topological_order

__all__ = [
    "Change",
    "EditionDiff",
    "Finding",
    "Graph",
    "GraphError",
    "Misconception",
    "Point",
    "UnitRef",
    "ancestors",
    "chain_lengths",
    "check_graph",
    "compare_editions",
    "descendants",
    "find_cycle",
    "follow",
    "graph_from_case",
    "graph_from_csv",
    "graph_from_json",
    "graph_from_jsonld",
    "graph_from_rows",
    "graph_to_case",
    "graph_to_csv",
    "graph_to_jsonld",
    "merge_graphs",
    "point_from_row",
    "redundant_edges",
    "topological_order",
]
