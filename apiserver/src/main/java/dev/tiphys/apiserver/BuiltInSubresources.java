package dev.tiphys.apiserver;

import dev.tiphys.apiserver.admission.pods.TopologyLabels;
import dev.tiphys.apiserver.authentication.serviceaccount.TokenRequests;
import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.catalog.CatalogLookup;
import dev.tiphys.apiserver.endpoints.StatusSubresource;
import dev.tiphys.apiserver.endpoints.Subresources;
import dev.tiphys.apiserver.kinds.BindingSubresource;
import dev.tiphys.apiserver.kinds.EvictionSubresource;
import dev.tiphys.apiserver.kinds.FinalizeSubresource;
import dev.tiphys.apiserver.kinds.PartSubresource;
import dev.tiphys.apiserver.kinds.ScaleSubresource;
import dev.tiphys.world.World;

/// What can be asked of an object, or done to it, at a path below its own.
final class BuiltInSubresources {

  private BuiltInSubresources() {}

  static Subresources of(
      World world, ApiServerSettings settings, Catalog catalog, CatalogLookup lookup) {
    return new Subresources()
        .add("status", new StatusSubresource())
        .add("scale", new ScaleSubresource(catalog::find))
        .add("pods", "binding", new BindingSubresource(world, new TopologyLabels(lookup)))
        .add(
            "pods",
            "eviction",
            new EvictionSubresource(
                world, () -> catalog.registry("policy", "poddisruptionbudgets")))
        .add("pods", "ephemeralcontainers", PartSubresource.ephemeralContainers())
        .add("pods", "resize", PartSubresource.resize())
        .add(
            "certificatesigningrequests.certificates.k8s.io",
            "approval",
            PartSubresource.approval(world))
        .add("namespaces", "finalize", new FinalizeSubresource())
        .add("serviceaccounts", "token", new TokenRequests(world, settings.tokens(), lookup));
  }
}
