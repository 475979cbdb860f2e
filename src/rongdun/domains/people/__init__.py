"""People: units, users, their roles, and signing in."""

from rongdun.domains.people import api_factors as api_factors
from rongdun.domains.people import api_own as api_own
from rongdun.domains.people.api import router
from rongdun.domains.people.api_auth import router as auth_router
from rongdun.domains.people.authentication import authenticate, recheck
from rongdun.domains.people.demo_accounts import OfferedAccount, offer_accounts, offered_accounts
from rongdun.domains.people.first import create_first_administrator
from rongdun.domains.people.jobs import JOBS
from rongdun.domains.people.officers import Officer, ServiceNumbers, colleagues, service_numbers
from rongdun.domains.people.places import UnitRef, unit_at, unit_by_id
from rongdun.domains.people.reveal import REVEALABLE
from rongdun.domains.people.searcher import UNIT_SEARCHER, USER_SEARCHER
from rongdun.domains.people.teams import join_team, leave_team

__all__ = [
    "JOBS",
    "REVEALABLE",
    "UNIT_SEARCHER",
    "USER_SEARCHER",
    "OfferedAccount",
    "Officer",
    "ServiceNumbers",
    "UnitRef",
    "auth_router",
    "authenticate",
    "colleagues",
    "create_first_administrator",
    "join_team",
    "leave_team",
    "offer_accounts",
    "offered_accounts",
    "recheck",
    "router",
    "service_numbers",
    "unit_at",
    "unit_by_id",
]
