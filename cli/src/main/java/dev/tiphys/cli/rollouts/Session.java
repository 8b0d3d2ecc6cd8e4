package dev.tiphys.cli.rollouts;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;

/// The cluster and the namespace that a command is about.
record Session(World world, Api api, String namespace) {

  /// @throws dev.tiphys.object.api.ApiException if there is none
  Rollout rollout(String name) {
    return new Rollout(api.get(DeliveryResources.ROLLOUTS, namespace, name));
  }

  /// Changes what a user wants of a Rollout.
  Struct patch(String rollout, Struct patch) {
    return patch(DeliveryResources.ROLLOUTS, rollout, "", patch);
  }

  /// Changes where a Rollout stands.
  Struct patchStatus(String rollout, Struct status) {
    return patch(DeliveryResources.ROLLOUTS, rollout, "status", Struct.of("status", status));
  }

  Struct patch(ApiResource resource, String name, String subresource, Struct patch) {
    return api.patch(resource, namespace, name, subresource, PatchType.MERGE, patch);
  }
}
