"""Comparing personal names across spellings, scripts of origin, orders and nicknames."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler


@dataclass(frozen=True)
class PersonName:
    """Given and family names as written; either may be empty, and their order may be swapped."""

    given: str
    family: str


_JARO_WINKLER_AT_LEAST = 0.88
# First letters that are written for one another: Kaminski and Caminski.
_SOUNDS = ("ck", "sz", "jyi", "vw", "gj")
# Titles and articles; kept where nothing else is left, as in "Al Brown".
_IGNORED = frozenset({"mr", "mrs", "ms", "dr", "sir", "al", "el", "ul"})
# Letters that Unicode does not decompose into a base letter and a mark.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_APOSTROPHES = re.compile("['\u2019\u2018\u02bc\u02bb`\u00b4\u2032\u02b9]")
_JOINED_PREFIX = re.compile(r"\b(o|mc|mac|abd al|abd ul|abd el|abd|abdul|abdel) (?=[^\W\d_]{3})")

# What is written where he gives no name: the referral form itself suggests "Unknown".
_NO_NAME = frozenset(
    "unknown unkown unknow unnamed unidentified undisclosed anonymous anon withheld refused "
    "declined notknown notgiven noname nk tbc tba xx xxx xxxx".split()
)
_BESIDE_NO_NAME = frozenset(
    "not no name names given known first last family surname forename male man person adult mr "
    "n k x detainee".split()
)
_NO_NAME_TOGETHER = tuple(
    frozenset(phrase.split()) for phrase in ("not known", "not given", "no name", "n k")
)

# First spelling of a row is the one compared. Frequent transliterations and spellings only:
# rarer ones are caught by likeness.
_SPELLINGS = """
mohammed muhammad mohamed mohammad muhammed mohamad muhamed muhamad mohamud mohd md mehmet
ahmed ahmad ahmet achmed
hussain hussein husain hussayn husayn huseyin hossain hosain
hassan hasan
yusuf yousuf yousef youssef yusef yosef yusif yusup
ibrahim ebrahim ibraheem
abdullah abdallah abdulla
abdulrahman abdalrahman abdurrahman abdelrahman abdirahman abdurahman abdulrehman
ali aly
omar umar omer
osman usman uthman othman
said saeed saeid
syed sayed sayyid
khalid khaled
aisha ayesha aysha
mustafa mostafa moustafa mustapha
jamal gamal cemal
sergei sergey serhii sergiy
alexander aleksander aleksandr oleksandr alexandr aleksandar
dmitri dmitry dmitriy dmytro
yuri yuriy iurii yurii
stephen steven stefan stephan
sean shaun shawn
john jon
philip phillip
jeffrey geoffrey
nicholas nicolas nikolas
lee leigh
reid reed read
carl karl
smith smyth smythe
"""

_NICKNAMES = """
william will bill billy willy willie liam
robert rob bob bobby robbie
richard rick ricky dick rich richie
james jim jimmy jamie
john jack johnny
michael mike mick mickey
david dave davey davy
daniel dan danny
anthony tony
antonio tony toni
andrew andy drew
alexander alex sandy sasha xander lex
thomas tom tommy
joseph joe joey
edward ed eddie ted teddy ned
charles charlie chas chuck
christopher chris kit
christian chris
matthew matt
samuel sam sammy
samir sam
benjamin ben benny
nicholas nick nicky nico
stephen steve
peter pete
patrick pat paddy
francis frank frankie
henry harry hal
harold harry hal
gregory greg
kenneth ken kenny
ronald ron ronnie
raymond ray
terence terry
lawrence larry laurie
frederick fred freddie
leonard leo len lenny
timothy tim
jonathan jon jonny john
mohammed mo
abdullah abdul
abdulrahman abdul
"""


def _spelling_table() -> dict[str, str]:
    rows = (line.split() for line in _SPELLINGS.split("\n") if line)
    return {spelling: row[0] for row in rows for spelling in row}


_SPELLING = _spelling_table()


def _nickname_table() -> dict[str, frozenset[int]]:
    table: dict[str, set[int]] = {}
    for number, line in enumerate(_NICKNAMES.split("\n")):
        for name in line.split():
            table.setdefault(_SPELLING.get(name, name), set()).add(number)
    return {name: frozenset(numbers) for name, numbers in table.items()}


_NICKNAME_GROUPS = _nickname_table()


def name_key(name: PersonName) -> str:
    """Equal for names that differ only in order, accents, punctuation or known spelling."""
    return " ".join(sorted(_tokens(name)))


def has_words(name: PersonName) -> bool:
    """Whether anything is left of the name once marks and digits are gone."""
    return bool(_tokens(name))


def is_placeholder(name: PersonName) -> bool:
    """Whether it stands for a name nobody gave: "Unknown Unknown", "Not known", "No name"."""
    words = frozenset(_tokens(name))
    if not words or not words <= _NO_NAME | _BESIDE_NO_NAME:
        return False
    return bool(words & _NO_NAME) or any(phrase <= words for phrase in _NO_NAME_TOGETHER)


def is_partly_placeholder(name: PersonName) -> bool:
    """Whether a word of it stands for one that nobody gave: "Unknown Okafor"."""
    return not _NO_NAME.isdisjoint(_tokens(name))


def may_be_alike(one: PersonName, two: PersonName) -> bool:
    """Whether it is worth comparing two names: of those that are the same or alike, none is missed.

    Ten times as fast as to compare them, and says no to most.
    """
    if not (has_words(one) and has_words(two)):
        return False
    (letters, words), (others, longer) = _outline(one), _outline(two)
    if letters == others:
        return True
    if len(words) > len(longer):
        words, longer = longer, words
    return all(any(not word.isdisjoint(other) for other in longer) for word in words)


@lru_cache(maxsize=4096)
def _outline(name: PersonName) -> tuple[str, tuple[frozenset[str], ...]]:
    """All its letters in order, and of each word how it may begin and the nicknames it is of."""
    words = _tokens(name)
    return "".join(sorted("".join(words))), tuple(
        frozenset(
            {word[0]}
            | {sounds for sounds in _SOUNDS if word[0] in sounds}
            | {str(number) for number in _NICKNAME_GROUPS.get(word, ())}
        )
        for word in words
    )


@lru_cache(maxsize=4096)
def _tokens(name: PersonName) -> tuple[str, ...]:
    words: list[str] = []
    for part in (name.given, name.family):
        folded = unicodedata.normalize("NFKD", part.casefold()).translate(_LETTERS)
        bare = "".join(c for c in folded if not unicodedata.combining(c))
        spaced = re.sub(r"[\W\d_]+", " ", _APOSTROPHES.sub("", bare)).strip()
        joined = _JOINED_PREFIX.sub(lambda m: m[1].replace(" ", ""), spaced).split()
        words.extend([word for word in joined if word not in _IGNORED] or joined)
    return tuple(_SPELLING.get(word, word) for word in words)


def alike(one: PersonName, two: PersonName) -> bool:
    """Every word of the shorter name has a partner of its own in the longer one."""
    short, long = sorted((_tokens(one), _tokens(two)), key=len)
    if _joined(one) & _joined(two):
        return True
    if len(short) < 2:
        # One word alone is too little for likeness: it must be found as it stands.
        return short[0] in long
    if any(all(len(word) == 1 for word in words) for words in (short, long)):
        # Bare initials fit too many people.
        return False
    return _pairs_all(short, long)


def _joined(name: PersonName) -> frozenset[str]:
    """The name without spaces, in both orders: Wei Ming Li, Li Weiming."""
    given = "".join(_tokens(PersonName(name.given, "")))
    family = "".join(_tokens(PersonName("", name.family)))
    return frozenset({given + family, family + given})


def _pairs_all(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether each word of `short` can be given a different, alike word of `long`."""
    partner: dict[int, int] = {}

    def place(word: int, tried: set[int]) -> bool:
        for slot, other in enumerate(long):
            if slot in tried or not _words_alike(short[word], other):
                continue
            tried.add(slot)
            if slot not in partner or place(partner[slot], tried):
                partner[slot] = word
                return True
        return False

    return all(place(word, set()) for word in range(len(short)))


def _words_alike(one: str, two: str) -> bool:
    if one == two:
        return True
    shorter = min(len(one), len(two))
    if shorter == 1:
        return one[0] == two[0]
    if _NICKNAME_GROUPS.get(one, frozenset()) & _NICKNAME_GROUPS.get(two, frozenset()):
        return True
    # Brothers' names often rhyme (Ryan and Bryan), slips rarely hit the first letter.
    if shorter < 3 or not _starts_alike(one[0], two[0]):
        return False
    allowed = 1 if shorter < 7 else 2
    return (
        DamerauLevenshtein.distance(one, two, score_cutoff=allowed) <= allowed
        and JaroWinkler.similarity(one, two) >= _JARO_WINKLER_AT_LEAST
    )


def _starts_alike(one: str, two: str) -> bool:
    return one == two or any(one in group and two in group for group in _SOUNDS)
