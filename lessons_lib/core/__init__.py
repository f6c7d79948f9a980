"""What every lesson stands on: data, checked input, texts, languages, notebooks."""
