"""The day on paper, and the desk's lists as files: to work from when the network is down."""
