"""One session with the Python client: create, watch, patch, delete, of built-in and of custom objects.

Ends with status 0 if the cluster behaved as the client expects. KUBECONFIG says which cluster.
"""

from kubernetes import client, config, watch
from kubernetes.client.rest import ApiException

config.load_kube_config()
core = client.CoreV1Api()
apps = client.AppsV1Api()
custom = client.CustomObjectsApi()
extensions = client.ApiextensionsV1Api()


def expect(what, found, wanted):
    assert found == wanted, f"{what}: {found!r} instead of {wanted!r}"


# typed objects
made = core.create_namespaced_config_map(
    "default", client.V1ConfigMap(metadata=client.V1ObjectMeta(name="python"), data={"a": "1"})
)
expect("created", made.data, {"a": "1"})
patched = core.patch_namespaced_config_map("python", "default", {"data": {"b": "2"}})
expect("patched", patched.data, {"a": "1", "b": "2"})
stale = client.V1ConfigMap(metadata=made.metadata, data={})
try:
    core.replace_namespaced_config_map("python", "default", stale)
    raise AssertionError("a stale object was taken")
except ApiException as e:
    expect("stale", e.status, 409)
names = [m.metadata.name for m in core.list_namespaced_config_map("default", limit=1).items]
expect("a page", len(names), 1)

# a watch from where the object was made
seen = []
for event in watch.Watch().stream(
    core.list_namespaced_config_map,
    "default",
    resource_version=made.metadata.resource_version,
    timeout_seconds=30,
):
    seen.append((event["type"], event["object"].metadata.name))
    if len(seen) == 1:
        core.delete_namespaced_config_map("python", "default")
    if event["type"] == "DELETED":
        break
expect("watched", seen, [("MODIFIED", "python"), ("DELETED", "python")])

# a workload, and its scale
labels = {"app": "python"}
apps.create_namespaced_deployment(
    "default",
    client.V1Deployment(
        metadata=client.V1ObjectMeta(name="python"),
        spec=client.V1DeploymentSpec(
            replicas=1,
            selector=client.V1LabelSelector(match_labels=labels),
            template=client.V1PodTemplateSpec(
                metadata=client.V1ObjectMeta(labels=labels),
                spec=client.V1PodSpec(containers=[client.V1Container(name="c", image="nginx:1")]),
            ),
        ),
    ),
)
apps.patch_namespaced_deployment_scale("python", "default", {"spec": {"replicas": 2}})
for event in watch.Watch().stream(
    apps.list_namespaced_deployment, "default", field_selector="metadata.name=python", timeout_seconds=60
):
    if event["object"].status.available_replicas == 2:
        break
else:
    raise AssertionError("the deployment did not become available")
apps.delete_namespaced_deployment("python", "default", propagation_policy="Foreground")

# a custom resource
extensions.create_custom_resource_definition(
    {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "snakes.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"plural": "snakes", "kind": "Snake"},
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "storage": True,
                    "subresources": {"status": {}},
                    "schema": {
                        "openAPIV3Schema": {
                            "type": "object",
                            "properties": {
                                "spec": {
                                    "type": "object",
                                    "properties": {"length": {"type": "integer", "minimum": 1, "default": 3}},
                                },
                                "status": {"type": "object", "properties": {"mood": {"type": "string"}}},
                            },
                        }
                    },
                }
            ],
        },
    }
)
for event in watch.Watch().stream(
    extensions.list_custom_resource_definition, field_selector="metadata.name=snakes.example.com", timeout_seconds=30
):
    conditions = event["object"].status.conditions or []
    if any(c.type == "Established" and c.status == "True" for c in conditions):
        break
snake = {"apiVersion": "example.com/v1", "kind": "Snake", "metadata": {"name": "monty"}, "spec": {}}
place = ("example.com", "v1", "default", "snakes")
expect("default", custom.create_namespaced_custom_object(*place, snake)["spec"], {"length": 3})
custom.patch_namespaced_custom_object_status(*place, "monty", {"status": {"mood": "fine"}})
expect("status", custom.get_namespaced_custom_object(*place, "monty")["status"], {"mood": "fine"})
try:
    custom.patch_namespaced_custom_object(*place, "monty", {"spec": {"length": 0}})
    raise AssertionError("a snake without length was taken")
except ApiException as e:
    expect("invalid", e.status, 422)
extensions.delete_custom_resource_definition("snakes.example.com")
