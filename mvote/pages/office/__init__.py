"""The office: what officials do about polls, records and rolls, by plain forms.

No rule of the city stands here.  A form is made of the schema of a route of the interface,
what was typed goes to that very route inside the same process, and what the route refuses
comes back beside the fields.  A new route that officials may call needs its words in
``words`` and nothing else.
"""
