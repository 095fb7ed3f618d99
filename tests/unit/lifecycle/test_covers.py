"""Whether what lives is as wanted: the API server's own additions and spellings are no difference, everything else is."""

import pytest

from prepaid.lifecycle.template import covers

NGINX, SIDECAR = {"name": "web", "image": "nginx"}, {"name": "istio-proxy", "image": "istio"}


@pytest.mark.parametrize(
    ("live", "wanted"),
    [
        pytest.param({"a": 1, "b": 2}, {"a": 1}, id="fields that the server added"),
        pytest.param({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}, id="also deeper"),
        pytest.param({"a": 1}, {}, id="nothing is wanted"),
        pytest.param({"a": 1}, {"a": 1, "b": None}, id="what is wanted absent is absent"),
        pytest.param({"a": 1, "b": None}, {"b": None}, id="or null"),
        pytest.param({"a": [1, 2]}, {"a": [1, 2]}, id="equal lists"),
        pytest.param({"a": [{"port": 80, "protocol": "TCP"}]}, {"a": [{"port": 80}]}, id="list elements with more fields"),
        pytest.param({"c": [NGINX, SIDECAR]}, {"c": [NGINX]}, id="a container that a webhook added"),
        pytest.param({"c": [SIDECAR, NGINX]}, {"c": [NGINX]}, id="also before ours"),
        pytest.param({"c": [SIDECAR]}, {"c": []}, id="where none is wanted, a named one may be added"),
        pytest.param(
            {"c": [{"name": "d", "at": "/a"}, {"name": "d", "at": "/b"}]}, {"c": [{"name": "d", "at": "/b"}]}, id="one name twice"
        ),
        pytest.param({"c": [{**NGINX, "resources": {}}]}, {"c": [NGINX]}, id="a named element with more fields"),
        pytest.param({}, {"env": []}, id="an empty list may be left out"),
        pytest.param({"name": "A"}, {"name": "A", "value": ""}, id="an empty text may be left out"),
        pytest.param({"spec": {}}, {"spec": {"hostNetwork": False, "minReadySeconds": 0, "nodeSelector": {}}}, id="zeros the server drops"),
        pytest.param({"resources": {"limits": {"cpu": "1"}}}, {"resources": {"limits": {"cpu": "1000m"}}}, id="1000m is 1"),
        pytest.param({"limits": {"cpu": "1"}}, {"limits": {"cpu": 1}}, id="a number is a quantity"),
        pytest.param({"limits": {"cpu": "500m"}}, {"limits": {"cpu": 0.5}}, id="half a core"),
        pytest.param({"requests": {"memory": "1Gi"}}, {"requests": {"memory": "1024Mi"}}, id="1024Mi is 1Gi"),
        pytest.param({"requests": {"memory": "1e3"}}, {"requests": {"memory": "1k"}}, id="1k is 1e3"),
        pytest.param({"requests": {"memory": "1Ki"}}, {"requests": {"memory": 1024}}, id="1Ki is 1024 bytes"),
        pytest.param({"storage": "1Ti"}, {"storage": "1024Gi"}, id="storage"),
        pytest.param({"emptyDir": {"sizeLimit": "1G"}}, {"emptyDir": {"sizeLimit": "1000M"}}, id="a size limit"),
        pytest.param({"a": 1}, {"a": 1.0}, id="JSON has one kind of number"),
        pytest.param({"a": None}, {"a": None}, id="null is null"),
    ],
)
def test_what_lives_is_as_wanted(live: object, wanted: object) -> None:
    assert covers(live, wanted)


@pytest.mark.parametrize(
    ("live", "wanted"),
    [
        pytest.param({"spec": {"replicas": 1}}, {"spec": {"replicas": 0}}, id="scaled"),
        pytest.param({"spec": {}}, {"spec": {"replicas": 0}}, id="a zero that the server would have kept"),
        pytest.param({"spec": {"runStrategy": "Always"}}, {"spec": {"running": False}}, id="a false that the server would have kept"),
        pytest.param({"volumes": [{"name": "d", "hostPath": {}}]}, {"volumes": [{"name": "d", "emptyDir": {}}]}, id="a {} it keeps too"),
        pytest.param({"hostNetwork": True}, {"hostNetwork": False}, id="a false that was made true"),
        pytest.param({}, {"a": 1}, id="missing"),
        pytest.param({"a": None}, {"a": 1}, id="null"),
        pytest.param({"a": 1}, {"a": None}, id="wanted absent, and there"),
        pytest.param({"a": 1}, {"a": {"b": 1}}, id="no mapping"),
        pytest.param({"a": {"b": 1}}, {"a": 1}, id="a mapping"),
        pytest.param({"a": "x"}, {"a": ["x"]}, id="no list"),
        pytest.param({"a": [1, 2, 3]}, {"a": [1, 2]}, id="a list with more"),
        pytest.param({"a": [1]}, {"a": [1, 2]}, id="a list with less"),
        pytest.param({"a": [2, 1]}, {"a": [1, 2]}, id="a list in another order"),
        pytest.param({"a": [1]}, {"a": []}, id="a list that should be empty"),
        pytest.param({"c": [SIDECAR]}, {"c": [NGINX]}, id="a container that is gone"),
        pytest.param({"c": [{**NGINX, "image": "redis"}]}, {"c": [NGINX]}, id="a container of another image"),
        pytest.param({"c": [NGINX, "x"]}, {"c": [NGINX]}, id="an element without a name among named ones"),
        pytest.param(
            {"c": [{"name": "a", "port": 80}, {"name": "b"}]}, {"c": [{"port": 80}]}, id="a nameless element where named ones live"
        ),
        pytest.param({"a": 1}, {"a": True}, id="1 is not true"),
        pytest.param({"a": 0}, {"a": False}, id="0 is not false"),
        pytest.param({"a": "1"}, {"a": 1}, id="a text is not a number"),
        pytest.param({"a": "1"}, {"a": "1000m"}, id="quantities elsewhere are texts"),
        pytest.param({"limits": {"cpu": "1"}}, {"limits": {"cpu": "1001m"}}, id="another quantity"),
        pytest.param({"limits": {"cpu": "1"}}, {"limits": {"cpu": True}}, id="true is no quantity"),
        pytest.param({"limits": {"cpu": "x"}}, {"limits": {"cpu": "y"}}, id="what is no quantity is compared as it is"),
        pytest.param({"limits": {"memory": "1G"}}, {"limits": {"memory": "1Gi"}}, id="1G is not 1Gi"),
        pytest.param({"limits": {}}, {"limits": {"cpu": "0"}}, id="a quantity that is missing"),
    ],
)
def test_what_lives_is_not_as_wanted(live: object, wanted: object) -> None:
    assert not covers(live, wanted)
