"""Shapes of what is typed when signing in and on one's own account."""

from mhtr.web.fields import PasswordField, Required, TextField
from mhtr.web.forms import Form


class SignInForm(Form):
    """Name and password."""

    username = TextField(
        "Work email address",
        [Required("Enter your work email address")],
        max_length=254,
        autocomplete="username",
        inputmode="email",
        spellcheck=False,
    )
    password = PasswordField("Password", [Required("Enter your password")])


class CodeForm(Form):
    """The authenticator's six digits."""

    code = TextField(
        "6-digit code",
        [Required("Enter the code from your authenticator app")],
        hint="Open your authenticator app to see it. It changes every 30 seconds.",
        max_length=20,
        width=10,
        autocomplete="one-time-code",
        inputmode="numeric",
        spellcheck=False,
        error_name="the code",
    )


class AgainForm(Form):
    """Either kind of code, to prove oneself again. Its field takes letters as well as digits."""

    code = TextField(
        "Code",
        [Required("Enter the code from your authenticator app, or a recovery code")],
        hint="The 6 digits your authenticator app shows now, or one of your recovery codes.",
        max_length=40,
        width=20,
        autocomplete="one-time-code",
        spellcheck=False,
        error_name="the code",
    )


class RecoveryCodeForm(Form):
    """A code from the printed list."""

    recovery_code = TextField(
        "Recovery code",
        [Required("Enter one of your recovery codes")],
        hint="16 letters and numbers, like abcd-efgh-2345-wxyz. Each code works once.",
        max_length=40,
        width=20,
        spellcheck=False,
    )


class NewPasswordForm(Form):
    """A first or new password, with an invitation."""

    new_password = PasswordField(
        "New password",
        [Required("Enter a new password")],
        hint="12 characters or more. Three or four words that do not belong together are good: "
        "easy for you to remember, hard for others to guess.",
        autocomplete="new-password",
    )


class ChangePasswordForm(Form):
    """A new password, on one's own account."""

    old_password = PasswordField("Password you have now", [Required("Enter your password")])
    new_password = PasswordField(
        "New password",
        [Required("Enter a new password")],
        hint="12 characters or more. Three or four words that do not belong together are good.",
        autocomplete="new-password",
    )
