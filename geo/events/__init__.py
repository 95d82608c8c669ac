"""Toponyms, dates and triggers → events; one event from many reports."""

from geo.events.extract import count_too_long, extract
from geo.events.mentions import mention_events
from geo.events.merge import combine, in_order, joint_groups, merge
from geo.events.report import Unplaced
from geo.events.triggers import Triggers, load_triggers, read_trigger_files

__all__ = ["Triggers", "Unplaced", "combine", "count_too_long", "extract", "in_order", "joint_groups", "load_triggers", "mention_events", "merge", "read_trigger_files"]
