"""What describes the open data: CSV on the Web for each table, DCAT 3 for all of them.

Sources: Metadata Vocabulary for Tabular Data (W3C, 2015); DCAT 3 (W3C, 2024), with what
DCAT-AP 3.0 asks of a catalogue, a data set and a distribution.
"""

from collections.abc import Mapping, Sequence

from mvote.core.canonical import JSON
from mvote.core.text import LANGUAGES, Words
from mvote.votes.indicators.rules_data import DATATYPES, TABLES, Column, DataTable

CSV_TYPE = "https://www.iana.org/assignments/media-types/text/csv"
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/UPDATE_CONT"
SPOKEN = {
    "ko": "http://publications.europa.eu/resource/authority/language/KOR",
    "en": "http://publications.europa.eu/resource/authority/language/ENG",
}
CSVW = "http://www.w3.org/ns/csvw"
APOSTROPHE: Words = {
    "ko": "수식으로 읽힐 수 있는 글 앞에는 작은따옴표(')가 하나 붙어 있습니다.",
    "en": "A text that could be taken for a formula has one apostrophe in front; take it off.",
}
CONTEXT: JSON = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def csvw_of(table: DataTable, *, base: str, licence: str) -> JSON:
    """The metadata of one table; ``base`` is the address of the open data, without a slash."""
    described: dict[str, JSON] = {
        "@context": [CSVW, {"@language": "en"}],
        "@id": f"{base}/{table.name}.csv-metadata.json",
        "url": f"{base}/{table.name}.csv",
        "dc:title": _csvw_words(table.title),
        "dc:description": _csvw_words(table.about),
        "dialect": {"encoding": "utf-8", "header": True, "doubleQuote": True},
        "notes": [_csvw_words(APOSTROPHE)],
        "tableSchema": {
            "columns": [_column(one) for one in table.columns],
            "primaryKey": list(table.key),
        },
    }
    return described | ({"dc:license": {"@id": licence}} if licence else {})


def _column(column: Column) -> JSON:
    return {
        "name": column.name,
        "titles": {"und": [column.name]},
        "dc:description": _csvw_words(column.about),
        "datatype": DATATYPES[column.kind],
        "required": not column.empty,
    }


def _csvw_words(words: Words) -> JSON:
    return [{"@value": words[language], "@language": language} for language in LANGUAGES]


def catalog_of(*, base: str, city: Words, home: str, licence: str) -> JSON:
    """The catalogue as JSON-LD that needs no other document to be read."""
    publisher: JSON = {"@id": f"{home}/#city", "@type": "foaf:Agent", "foaf:name": _said(city)}
    title = {"ko": f"{city['ko']} 참여와 답변", "en": f"Participation and answers of {city['en']}"}
    about = {
        "ko": "시민이 묻고 제안한 것과 시가 답한 것에 관한 공개 데이터",
        "en": "Open data on what citizens asked and proposed, and what the city answered",
    }
    return {
        "@context": CONTEXT,
        "@id": f"{base}/catalog.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": _said(title),
        "dct:description": _said(about),
        "dct:language": [_spoken(language) for language in LANGUAGES],
        "dct:publisher": publisher,
        "foaf:homepage": {"@id": f"{base}/", "@type": "foaf:Document"},
        **_licence(licence),
        "dcat:dataset": [
            _dataset(one, base=base, publisher=publisher, licence=licence)
            for one in TABLES.values()
        ],
    }


def _dataset(table: DataTable, *, base: str, publisher: Mapping[str, JSON], licence: str) -> JSON:
    return {
        "@id": f"{base}/{table.name}",
        "@type": "dcat:Dataset",
        "dct:identifier": table.name,
        "dct:title": _said(table.title),
        "dct:description": _said(table.about),
        "dct:publisher": {"@id": publisher["@id"]},
        "dct:language": [_spoken(language) for language in LANGUAGES],
        "dct:accrualPeriodicity": {"@id": FREQUENCY, "@type": "dct:Frequency"},
        "dcat:landingPage": {"@id": f"{base}/", "@type": "foaf:Document"},
        "dcat:distribution": [
            {
                "@id": f"{base}/{table.name}.csv",
                "@type": "dcat:Distribution",
                "dct:title": _said(table.title),
                "dct:description": _said(APOSTROPHE),
                "dcat:accessURL": {"@id": f"{base}/"},
                "dcat:downloadURL": {"@id": f"{base}/{table.name}.csv"},
                "dcat:mediaType": {"@id": CSV_TYPE, "@type": "dct:MediaType"},
                "dct:conformsTo": {
                    "@id": f"{base}/{table.name}.csv-metadata.json",
                    "@type": "dct:Standard",
                },
                **_licence(licence),
            }
        ],
    }


def _said(words: Words) -> Sequence[JSON]:
    return [{"@value": words[language], "@language": language} for language in LANGUAGES]


def _spoken(language: str) -> JSON:
    return {"@id": SPOKEN[language], "@type": "dct:LinguisticSystem"}


def _licence(licence: str) -> dict[str, JSON]:
    said = {"@id": licence, "@type": "dct:LicenseDocument"}
    return {"dct:license": said} if licence else {}
