"""The ways out: one small plug-in for each channel behind one protocol."""
