"""Evidence: the files and papers that customers send."""
