"""The pages: one file per subject, each view a few lines: read the form, call the verb, present."""
