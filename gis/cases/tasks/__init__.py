"""What stands below a case: reasons, checklists, questions, work of assisting departments."""
