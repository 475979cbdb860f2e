"""Every router of the product, in the order its documentation shows them."""

from fastapi import APIRouter

ROUTERS: tuple[APIRouter, ...] = ()
