package dev.tiphys.monitoring.server;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.monitoring.model.HostedService;
import dev.tiphys.monitoring.selection.Objects;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import java.net.InetSocketAddress;
import java.util.List;

/// How a server is reached from the cluster: by a Service without selector.
///
/// @param hosted the Service
/// @param owner the object that the server is of
/// @param machine where it runs
public record Exposure(HostedService hosted, Struct owner, String machine) {

  /// @param key of the Service
  /// @param labels of the Service
  /// @param port of the Service
  public static Exposure of(ObjectKey key, Struct owner, Struct labels, long port, String machine) {
    return new Exposure(
        new HostedService(key, labels, "web", port, "monitoring.tiphys.dev"), owner, machine);
  }

  /// Makes the Service, if there is none of its name.
  public void ensureService(Api api, Objects objects) {
    if (objects.around(ApiResource.SERVICES).find(hosted.key()) != null) {
      return;
    }
    Struct service =
        hosted
            .service()
            .withAt(List.of(Meta.of(owner).asController()), "metadata", "ownerReferences");
    try {
      api.create(ApiResource.SERVICES, service);
    } catch (ApiException e) {
      if (!e.is(Reason.ALREADY_EXISTS)) {
        throw e;
      }
    }
  }

  /// The endpoint.
  public Struct slice(InetSocketAddress address) {
    return hosted.slice(address, machine);
  }
}
