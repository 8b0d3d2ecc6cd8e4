package dev.tiphys.delivery.services;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;

/// Points Services at revisions.
///
/// @param pass the look that it is done for
public record ServiceSelectors(Pass pass) {

  /// The hash that a Service selects; empty if it selects none.
  public String hashOf(String service) {
    return service.isEmpty() ? "" : pass.service(service).string("spec", "selector", Labels.HASH);
  }

  /// Has a Service select the Pods of one template. Returns whether it selected others before.
  public boolean point(String name, String hash) {
    Struct service = pass.service(name);
    String before = hashOf(name);
    if (service.isEmpty() || before.equals(hash)) {
      return false;
    }
    Meta meta = Meta.of(service);
    StructBuilder metadata =
        new StructBuilder().add("uid", meta.uid()).add("resourceVersion", meta.resourceVersion());
    if (!meta.annotation(Labels.MANAGED_BY).equals(pass.rollout().name())) {
      metadata.add("annotations", Struct.of(Labels.MANAGED_BY, pass.rollout().name()));
    }
    Struct patch =
        Struct.of(
            "metadata",
            metadata.build(),
            "spec",
            Struct.of("selector", Struct.of(Labels.HASH, hash)));
    pass.tools()
        .api()
        .patch(ApiResource.SERVICES, meta.namespace(), meta.name(), "", PatchType.STRATEGIC, patch);
    pass.normal(
        "SwitchService",
        "Switched selector for service '%s' from '%s' to '%s'".formatted(name, before, hash));
    return true;
  }
}
