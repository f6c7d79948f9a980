"""The parts that panels are made of; no lesson is known here."""
