"""The reference client: what a phone and an official's desk do, over nothing but the API."""
