"""The terms of the record: which words a column may hold, and what each precision means in metres.

The words are the field's own. Target types, subtypes and attack types are the Global Terrorism Database's (START,
Codebook 2021), so that a reader of that data set finds hers; the ladder of attribution is this project's.
"""

from __future__ import annotations

from datetime import date

from incident_atlas.i18n import _

DATE_PRECISIONS = ("day", "week", "month", "year")

YEARS = (1900, 2100)
"""Years in which an incident may be dated: a slip such as 0202 would stretch every time chart by centuries."""

TAKEOVER = date(2021, 8, 15)
"""The day from which the Taliban are the de facto authorities."""

GEO_PRECISIONS = ("exact", "street", "neighbourhood", "city", "district", "province", "country")
"""From precise to imprecise; a place is never known better than its source says."""

PRECISION_RANK = {name: rank for rank, name in enumerate(GEO_PRECISIONS)}
"""The place of each precision among them, 0 for the most precise."""

UNPLACED = len(GEO_PRECISIONS)
"""The rank of an incident that has no place."""

RADIUS_M = {
    "exact": 100,
    "street": 300,
    "neighbourhood": 1_500,
    "city": 8_000,
    "district": 20_000,
    "province": 60_000,
    "country": 400_000,
}
"""Nominal radius of each precision in metres, for drawing and for distances."""

NORTH, EAST = (29.0, 39.0), (60.0, 75.0)
"""Degrees of latitude and of longitude between which Afghanistan lies."""

EARTH_KM = 6371.0088
"""Mean radius of the Earth, as the IUGG has it."""

KNOWN_TO = {
    "exact": _("the very site"),
    "street": _("the street"),
    "neighbourhood": _("the neighbourhood"),
    "city": _("the city only"),
    "district": _("the district only"),
    "province": _("the province only"),
    "country": _("the country only"),
}
"""'Place known to ...', for people."""

PRECISE = ("exact", "street", "neighbourhood")
"""Precisions that a mark on the map may stand for; all others are areas."""

ATTRIBUTIONS = ("claimed", "contested", "attributed", "suspected", "unknown", "denied")
"""How sure the attribution is, strong to weak; denied stands apart."""

ATTRIBUTION_MEANING = {
    "claimed": _("claimed by the group"),
    "contested": _("claimed by rival groups"),
    "attributed": _("attributed by an authority or a data set"),
    "suspected": _("suspected in a report"),
    "unknown": _("no group named"),
    "denied": _("denied by the group named"),
    "not stated": _("attribution not stated"),
}

OUTCOMES = ("carried out", "failed", "foiled")
SUICIDE = ("yes", "no")
KILLED_COUNTS = ("victims", "all")

ACTOR_KINDS = ("non-state group", "state forces", "unknown")
"""Who acted: the perpetrator named, also when it denies it. A strike of armed forces on people who were not fighting is in the record."""

STAGES = ("early", "settled")
"""When a report gave its figures: on the day or the next, or later."""

UNKNOWN = "Unknown"
NOT_STATED = "not stated"

ATTACK_TYPES = (
    "Assassination",
    "Hijacking",
    "Hostage Taking (Kidnapping)",
    "Hostage Taking (Barricade Incident)",
    "Bombing/Explosion",
    "Armed Assault",
    "Unarmed Assault",
    "Facility/Infrastructure Attack",
    UNKNOWN,
)

WEAPONS = (
    "Vehicle bomb",
    "Suicide vest",
    "Roadside bomb",
    "Magnetic bomb",
    "Landmine",
    "Other explosives",
    "Grenade",
    "Rocket or mortar",
    "Firearms",
    "Melee",
    "Incendiary",
    "Chemical",
    "Drone",
    "Air strike",
    "Other",
    UNKNOWN,
)

TARGET_TYPES = (
    "Business",
    "Government (General)",
    "Police",
    "Military",
    "Airports & Aircraft",
    "Government (Diplomatic)",
    "Educational Institution",
    "Food or Water Supply",
    "Journalists & Media",
    "NGO",
    "Private Citizens & Property",
    "Religious Figures/Institutions",
    "Telecommunication",
    "Terrorists/Non-State Militia",
    "Tourists",
    "Transportation",
    "Utilities",
    "Violent Political Party",
    "Other",
    UNKNOWN,
)

# fmt: off
TARGET_SUBTYPES = (
    # Business
    "Gas/Oil/Electric", "Restaurant/Bar/Café", "Bank/Commerce", "Multinational Corporation", "Industrial/Textiles/Factory",
    "Medical/Pharmaceutical", "Retail/Grocery/Bakery", "Hotel/Resort", "Farm/Ranch", "Mining",
    "Entertainment/Cultural/Stadium/Casino", "Construction", "Private Security Company/Firm", "Legal Services",
    # Government (General)
    "Judge/Attorney/Court", "Politician or Political Party Movement/Meeting/Rally", "Royalty", "Head of State",
    "Government Personnel", "Election-related", "Intelligence", "Government Building/Facility/Office",
    # Police
    "Building", "Patrol", "Checkpoint", "Security Forces/Officers", "Prison/Jail",
    # Military
    "Barracks/Base/HQ/Checkpost", "Recruiting/Academy", "Unit/Patrol/Convoy", "Weaponry", "Aircraft", "Maritime",
    "Non-combatant Personnel", "Personnel", "Transport/Vehicle", "NATO Related", "Paramilitary",
    # Airports & Aircraft
    "Airline personnel", "Airport",
    # Government (Diplomatic)
    "Diplomatic Personnel", "Embassy/Consulate", "International Organization",
    # Educational Institution
    "Teacher", "School/University", "Other Personnel",
    # Food or Water Supply
    "Food", "Water Supply",
    # Journalists & Media
    "Newspaper", "Radio", "Television", "Other (incl. online)",
    # NGO
    "Domestic NGO", "International NGO",
    # Other
    "Ambulance", "Fire Fighter/Truck", "Demilitarized Zone", "Refugee",
    # Private Citizens & Property
    "Unnamed Civilian/Unspecified", "Named Civilian", "Religion Identified", "Student", "Race/Ethnicity Identified", "Farmer",
    "Vehicles/Transportation", "Marketplace/Plaza/Square", "Village/City/Town/Suburb", "House/Apartment/Residence",
    "Laborer/Occupation", "Procession/Gathering", "Public Area", "Memorial/Cemetery", "Museum/Cultural Center", "Labor Union",
    "Protester", "Political Party Member/Rally", "Alleged Informant",
    # Religious Figures/Institutions
    "Religious Figure", "Place of Worship", "Affiliated Institution",
    # Telecommunication
    "Telephone", "Internet", "Multiple Telecommunication Targets",
    # Terrorists/Non-State Militia
    "Terrorist", "Non-State Militia",
    # Tourists
    "Tour Bus/Van", "Tourist", "Tourism Agency",
    # Transportation
    "Bus", "Train", "Bus Station", "Subway", "Bridge/Tunnel", "Highway/Road", "Taxi/Rickshaw",
    # Utilities
    "Gas", "Electricity", "Oil",
    # Violent Political Party
    "Party Official", "Party Office", "Rally",
    # Of ours: the GTD has hospitals among businesses.
    "Hospital", "Other", UNKNOWN,
)
# fmt: on
"""In the order of the GTD codebook, by the target type they belong to there."""

PUBLISHER_KINDS = ("news", "agency", "government", "organisation", "research", "reference", "blog", "other")

COUNTRIES = frozenset(
    " ".join(
        """
Afghanistan; Albania; Algeria; Andorra; Angola; Antigua and Barbuda; Argentina; Armenia; Australia; Austria;
Azerbaijan; Bahamas; Bahrain; Bangladesh; Barbados; Belarus; Belgium; Belize; Benin; Bhutan; Bolivia; Bosnia and
Herzegovina; Botswana; Brazil; Brunei; Bulgaria; Burkina Faso; Burundi; Cabo Verde; Cambodia; Cameroon; Canada; Cape
Verde; Central African Republic; Chad; Chile; China; Colombia; Comoros; Congo; Costa Rica; Croatia; Cuba; Cyprus;
Czech Republic; Czechia; Democratic Republic of Congo; Democratic Republic of the Congo; Denmark; Djibouti; Dominica;
Dominican Republic; East Timor; Ecuador; Egypt; El Salvador; Equatorial Guinea; Eritrea; Estonia; Eswatini; Ethiopia;
Fiji; Finland; France; Gabon; Gambia; Georgia; Germany; Ghana; Greece; Greenland; Grenada; Guatemala; Guinea;
Guinea-Bissau; Guyana; Haiti; Honduras; Hong Kong; Hungary; Iceland; India; Indonesia; Iran; Iraq; Ireland; Israel;
Italy; Ivory Coast; Jamaica; Japan; Jordan; Kazakhstan; Kenya; Kiribati; Kosovo; Kuwait; Kyrgyzstan; Laos; Latvia;
Lebanon; Lesotho; Liberia; Libya; Liechtenstein; Lithuania; Luxembourg; Macau; Madagascar; Malawi; Malaysia; Maldives;
Mali; Malta; Marshall Islands; Mauritania; Mauritius; Mexico; Micronesia; Moldova; Monaco; Mongolia; Montenegro;
Morocco; Mozambique; Myanmar; Namibia; Nauru; Nepal; Netherlands; New Zealand; Nicaragua; Niger; Nigeria; North Korea;
North Macedonia; Norway; Oman; Pakistan; Palau; Palestine; Panama; Papua New Guinea; Paraguay; Peru; Philippines;
Poland; Portugal; Puerto Rico; Qatar; Republic of Congo; Republic of the Congo; Romania; Russia; Rwanda; Saint Kitts
and Nevis; Saint Lucia; Saint Vincent and the Grenadines; Samoa; San Marino; Sao Tome and Principe; Saudi Arabia;
Senegal; Serbia; Seychelles; Sierra Leone; Singapore; Slovakia; Slovenia; Solomon Islands; Somalia; South Africa;
South Korea; South Sudan; Soviet Union; Spain; Sri Lanka; Sudan; Suriname; Sweden; Switzerland; Syria; Taiwan;
Tajikistan; Tanzania; Thailand; Timor-Leste; Togo; Tonga; Trinidad and Tobago; Tunisia; Turkey; Turkmenistan; Türkiye;
Tuvalu; Uganda; Ukraine; United Arab Emirates; United Kingdom; United States; United States of America; Uruguay;
Uzbekistan; Vanuatu; Vatican City; Venezuela; Vietnam; Yemen; Yugoslavia; Zambia; Zimbabwe; European Union;
International; Multinational; NATO; United Nations
""".split()
    ).split("; ")
)
"""Names of countries as data sets write them in English, and the organisations whose people or property may be hit."""

LANGUAGES = frozenset(
    """aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et
    eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km
    kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or
    os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt
    tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu""".split()
)
"""Codes of languages, ISO 639-1."""
