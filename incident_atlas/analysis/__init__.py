"""Numbers, and the sentences that state them. No chart, no page."""
