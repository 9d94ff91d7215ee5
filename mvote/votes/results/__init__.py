"""The result of a poll: counted once after the close, frozen byte by byte, published for good."""
