"""The REST interface: every action of the lifecycle for programs, by the verbs and answers of the pages."""
