"""The settings a service chooses for itself: list, one setting, and changing it from a day on."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.errors import Refused, Stale
from mhtr.core.policy import PolicyValue, Value
from mhtr.overview import settings_queries as queries
from mhtr.overview import settings_service as service
from mhtr.web import navigation
from mhtr.web.fields import (
    DatePartsField,
    HiddenField,
    InFuture,
    IntegerField,
    RadioField,
    Required,
    TextAreaField,
    TextField,
)
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.submission import saving

bp = Blueprint("settings", __name__, url_prefix="/settings")
navigation.add_main(75, "Settings", "settings.every", Role.SYSTEM_ADMINISTRATOR)


class _SettingForm(Form):
    valid_from = DatePartsField(
        "From which day does it hold?",
        [
            Required("Enter the day from which it holds"),
            InFuture(clock.today, or_today=True, message="A setting cannot change in the past"),
        ],
        error_name="the day from which it holds",
    )
    reason = TextAreaField("Why does it change?", [Required("Say why it changes")], max_length=500)
    seen = HiddenField()


def form_class(declaration: PolicyValue) -> type[_SettingForm]:
    """The form of a setting, with the field its kind of value needs."""
    label, default = "New value", declaration.default
    hint = f"{declaration.unit[:1].upper()}{declaration.unit[1:]}."
    if isinstance(default, bool):
        choices = [("yes", "Yes"), ("no", "No")]
        value: object = RadioField(label, [Required()], choices=choices, inline=True)
    elif declaration.choices:
        choices = [(one, queries.words(one)) for one in declaration.choices]
        value = RadioField(label, [Required()], choices=choices)
    elif isinstance(default, int):
        value = IntegerField(
            label,
            [Required()],
            minimum=declaration.minimum,
            maximum=declaration.maximum,
            hint=f"{hint} Between {declaration.minimum} and {declaration.maximum}.",
        )
    else:
        value = TextField(label, [Required()], max_length=500, hint=hint)
    return type("SettingForm", (_SettingForm,), {"value": value})


@bp.get("")
@only(Role.SYSTEM_ADMINISTRATOR)
def every() -> str:
    """Every setting with what holds now and what will."""
    groups: dict[str, list[queries.Setting]] = {}
    for setting in queries.every():
        groups.setdefault(setting.group, []).append(setting)
    return render_template("overview/settings.html", groups=groups)


@bp.route("/<key>", methods=["GET", "POST"])
@only(Role.SYSTEM_ADMINISTRATOR)
def one(key: str) -> Response | str | tuple[str, int]:
    """One setting: its history, and changing it from a day on."""
    viewer = current_viewer()
    setting = queries.find(key)
    declaration = setting.declaration
    form = form_class(declaration)(data={"seen": service.newest_id(key)})
    if form.validate_on_submit() and form.valid_from.data:
        seen = int(form.seen.data) if form.seen.data.isdigit() else 0
        try:
            with saving() as saved:
                service.change(
                    key,
                    _typed(declaration, form["value"].data),
                    valid_from=form.valid_from.data,
                    reason=form.reason.data,
                    seen=seen,
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for("settings.one", key=key), "The setting is saved")
            return saved.redirect()
        except Refused as refusal:
            for reason in refusal.reasons:
                form.refuse(reason)
        except Stale:
            form.seen.carry(service.newest_id(key))
            form.refuse(
                "Somebody else changed this setting while you had it open. What is saved is in "
                "the history below, what you typed is in the form"
            )
    page = render_template("overview/setting.html", setting=queries.find(key), form=form)
    return (page, 422) if request.method == "POST" else page


def _typed(declaration: PolicyValue, data: object) -> Value:
    if isinstance(declaration.default, bool):
        return data == "yes"
    return data if isinstance(data, int) else str(data)
