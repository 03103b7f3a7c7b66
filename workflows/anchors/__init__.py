"""The anchors: signed notes kept outside of the database, how they are written safely and what they forbid to sign."""
