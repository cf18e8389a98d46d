"""What a recurrent model has to beat: honest baselines, fitted on the same splits."""
