"""Is a stop one in whatever letters it is drawn, and a sentence in another script none?"""

from __future__ import annotations

import pytest

from leadwell.permission.stops import is_stop
from leadwell.permission.stops.looks import drawn, keywords, unmasked

DRESSED = [
    "сTOP",  # a Cyrillic letter for its sound
    "СТOP", "SТОР", "ЅТОР", "ѕtор", "stоp", "sтop", "stoр", "stoп", "SΤΟΡ", "sτoρ", "stσp", "Ѕtop me",
    "ＳＴＯＰ", "ｓｔｏｐ", "Ｓ Ｔ Ｏ Ｐ",
    "s\u200bt\u200bo\u200bp", "st\u00adop", "\ufeffSTOP", "S\u2060TOP", "S\u034fTOP", "STOP\ufe0f", "\u202eSTOP\u202c",
    "ST\u0301OP", "s\u0336t\u0336o\u0336p\u0336", "śţöṗ", "STÓP", "S\u20e3T\u20e3O\u20e3P\u20e3",
    "S T O P", "S.T.O.P", "S.T.O.P.", "S-T-O-P", "s_t_o_p", "s*t*o*p", "S\u00a0T\u00a0O\u00a0P", "с T O P", "S.Т.O.P",
    "stop!!!", "STOP.", "«STOP»", "(stop)", "[STOP]", "*STOP*", "**stop**", "~stop~", "#STOP", "/stop", "stop?!",
    "🛑STOP🛑", "STOP 🙏", "🚫🚫stop🚫🚫", "stop👎🏽", "STOP 😡😡😡", "✋ stop ✋", "stop ‼️",
    "𝗦𝗧𝗢𝗣", "𝓼𝓽𝓸𝓹", "ⓈⓉⓄⓅ", "🆂🆃🅾🅿", "🅂🅃🄾🄿", "🅢🅣🅞🅟", "🇸🇹🇴🇵", "🇸 🇹 🇴 🇵", "ꜱᴛᴏᴘ",
    "unsubscribе", "unѕubѕcribе", "UNSUВSCRIBE", "quіt", "саncel", "ѕtopall", "STОPALL", "rеvoke", "оptout",
    "аlto", "bаsta", "ALТО", "саncelar", "SТ0P", "stοp texting me", "ѕtоp cаlling mе", "please sтop",
]  # fmt: skip
TO_A_PERSON = [
    "стоп", "СТОП", "Стоп!", "СТОП!!!", "стоп стоп", "Стоп, пожалуйста", "СТОР", "отписаться", "Не звоните мне",
    "στοπ", "ᏚᎢᎾᏢ", "توقف", "停止", "やめて", "退订", "그만",
]  # fmt: skip
SENTENCES = [
    "Здравствуйте, мне нужна запись к врачу на среду",
    "Автобус идёт до стоп линии, я опоздаю на десять минут",
    "Боль не прекращается уже неделю, хватит ли направления?",
    "Стоп-кран тут ни при чём, у меня болит колено",
    "Не стоп, а стопа болит",
    "Прошу записать мою маму на приём, она говорит только по-русски",
    "Сегодня в центре на приёме у терапевта",
    "У меня алто-сакс, болит рука",
    "Ми хочемо записатися до лікаря",
    "Имам болка в коляното, кога мога да дойда?",
    "Θέλω ένα ραντεβού με τον ορθοπεδικό",
    "Έχω πόνο στο γόνατο",
    "我想预约膝盖检查", "予約をお願いします", "무릎이 아파요", "أريد موعدا مع الطبيب",
    "ротор", "топот", "стопа", "кот", "енот",
    "🇺🇸", "call me 🇺🇸🇲🇽", "see you 😀", "I can\u2019t stоp coughing", "dоn't stоp the reminders",
    "we stоpped by the clinic", "🅿️ where can I park?",
]  # fmt: skip


@pytest.mark.parametrize("text", DRESSED)
def test_a_stop_is_one_however_it_is_drawn(text: str) -> None:
    assert is_stop(text).verdict == "stop"


@pytest.mark.parametrize("text", TO_A_PERSON)
def test_a_word_of_another_language_by_itself_goes_to_a_person(text: str) -> None:
    assert is_stop(text).verdict == "ask-a-person"


@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_is_what_it_says(text: str) -> None:
    assert is_stop(text).verdict == "not"


@pytest.mark.parametrize("text", ["сTOP", "🇸🇹🇴🇵", "с T O P", "ＳＴＯＰ!", "s\u200bt\u200bop please"])
def test_the_evidence_is_what_was_received(text: str) -> None:
    told = is_stop(text)
    assert told.evidence
    assert told.evidence in text


def test_every_keyword_is_found_in_letters_that_look_like_its_own() -> None:
    ways = {letter: chr(other) for other, letter in drawn().items() if letter.islower()}
    for word in keywords():
        for place, letter in enumerate(word):
            if letter in ways:
                assert unmasked(word[:place] + ways[letter] + word[place + 1 :]) in keywords()


def test_what_is_put_into_our_letters_keeps_its_length() -> None:
    for text in (*DRESSED, *SENTENCES, *TO_A_PERSON):
        assert len(unmasked(text)) == len(text)
