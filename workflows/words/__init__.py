"""What people read: one sentence for each event, one notice for each who must know."""
