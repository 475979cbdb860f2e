"""Relief: objections of account holders, banks or desks to a stop or freeze, decided within the law's terms."""

from rongdun.domains.restitution.relief import reveal as reveal
from rongdun.domains.restitution.relief.api import router
from rongdun.domains.restitution.relief.rules import RELIEF
from rongdun.domains.restitution.relief.searcher import SEARCHER

__all__ = ["RELIEF", "SEARCHER", "router"]
