"""What the report says of what he was told before the assessment."""

from mhtr.suitability.report_content import ReportContent


def told_words(content: ReportContent) -> str:
    """What he knew beforehand, still without its pronouns.

    Told, not told, and not recorded are three things.
    """
    if content.told_beforehand:
        return (
            "Before the assessment {he} {was} told who would read this report and that it may be "
            "quoted in court."
        )
    said = {
        "who would read this report": content.told_readers,
        "that it may be quoted in court": content.told_quoted,
    }
    if set(said.values()) == {None}:
        return "It is not recorded that {he} {was} told beforehand who would read this report."
    told, not_told, unknown = (
        " or ".join(words for words, answer in said.items() if answer is wanted)
        for wanted in (True, False, None)
    )
    found = [
        f"Before the assessment {{he}} {{was}} told {told}." if told else "",
        f"{{He}} {{was}} not told beforehand {not_told}." if not_told else "",
        f"It is not recorded that {{he}} {{was}} told beforehand {unknown}." if unknown else "",
    ]
    return " ".join(words for words in found if words)
