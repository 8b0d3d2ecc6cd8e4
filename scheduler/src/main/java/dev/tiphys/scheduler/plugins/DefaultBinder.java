package dev.tiphys.scheduler.plugins;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.framework.BindPlugin;
import dev.tiphys.scheduler.framework.CycleState;

/// Tells the API which node a Pod runs on.
final class DefaultBinder implements BindPlugin {

  private final Api api;

  DefaultBinder(Api api) {
    this.api = api;
  }

  @Override
  public String name() {
    return "DefaultBinder";
  }

  @Override
  public boolean bind(CycleState state, PodInfo pod, NodeInfo node) {
    Struct binding =
        new StructBuilder()
            .add("kind", "Binding")
            .add("apiVersion", "v1")
            .add(
                "metadata",
                new StructBuilder()
                    .add("namespace", pod.key().namespace())
                    .add("name", pod.key().name())
                    .add("uid", pod.uid())
                    .build())
            .add("target", Struct.of("kind", "Node", "name", node.name()))
            .build();
    api.createSubresource(
        ApiResource.PODS, pod.key().namespace(), pod.key().name(), "binding", binding);
    return true;
  }
}
