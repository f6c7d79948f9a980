"""The exercises' checks: an answer in, a sentence out; a wrong answer gets its misconception named, never the solution."""
