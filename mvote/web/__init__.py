"""The thinnest skin over HTTP: who may call, how a refusal looks, how lists and caches work."""
