"""The service's pages of attendance, gathered from the modules they are split into."""

from flask import Blueprint

bp = Blueprint("compliance", __name__)
