-- Lists of cancellations: unresolved ones by time, and the few contradictions among all events.
create index open_action_by_time on jobyard.open_action (sent_at_ms);
create index event_group_contradicted on jobyard.event_group (id) where settled_as = 'CONTRADICTED';
