"""The list of our kinds, for whoever does something to each of them."""

from typing import Final

from prepaid.api.account import PrepaidAccount
from prepaid.api.bin_item import RecycleBinItem
from prepaid.api.elastic_resource import ElasticResource
from prepaid.api.instance import PrepaidInstance
from prepaid.api.instance_class import InstanceClass
from prepaid.api.order import RenewalOrder
from prepaid.api.resource import Resource

KINDS: Final[tuple[type[Resource], ...]] = (
    InstanceClass,
    PrepaidInstance,
    RecycleBinItem,
    RenewalOrder,
    PrepaidAccount,
    ElasticResource,
)
