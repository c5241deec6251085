"""Issue a round and watch it run: what is sent to whom, and how far its audits are. Joins rounds with their audits."""
