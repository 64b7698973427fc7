"""Two protocols on one chain: the original contracts and ours, played the same calls."""
